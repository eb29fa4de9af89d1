"""Speech that is paid at most once and never said twice: the sound is kept by its content."""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from engines.chat.protocol import Usage
from engines.errors import Billed, EngineError
from engines.models import Budget
from engines.pricing import PriceList, price_of
from engines.scopes import HOUSE, folder_of, scoped
from engines.services.buying import Purchase, Wait, buy
from engines.speech import Speech, SpeechAnswer, SpeechRequest, Word


@dataclass(frozen=True, slots=True)
class Said:
    """A sound that is kept. Cost in micro-units; `kept` is True where nothing was asked."""

    path: Path
    words: tuple[Word, ...]
    cost_micro: int = 0
    currency: str = ""
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Kept:
    """What stands beside the receipt: where the sound is below the media folder, not the sound."""

    file: str
    words: tuple[Word, ...]
    usage: Usage
    request_id: str = ""

    def to_dict(self) -> dict[str, Any]:
        return {
            "file": self.file,
            "words": [[word.text, word.start_ms, word.end_ms] for word in self.words],
            "characters": self.usage.input_tokens,
            "request_id": self.request_id,
        }

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Kept:
        """Raises EngineError where the sound itself is gone."""
        file = str(told["file"])
        if not (Path(settings.MEDIA_ROOT) / file).is_file():
            raise EngineError(
                _(
                    "This was said and paid for before, but its sound is gone from the media folder."
                ),
                code="sound_lost",
                permanent=True,
                billed=Billed.SURELY,
            )
        words = tuple(Word(text, start, end) for text, start, end in told["words"])
        return cls(file, words, Usage(int(told["characters"])), str(told["request_id"]))


def sound_path(engine: Speech, request: SpeechRequest, scope: str = HOUSE) -> Path:
    """Where the sound of a request is or will be."""
    return Path(settings.MEDIA_ROOT) / _file_of(key_of(engine, request, scope), scope)


def _file_of(key: str, scope: str) -> str:
    return f"{folder_of(scope)}/speech/{key[:2]}/{key}.wav"


def key_of(engine: Speech, request: SpeechRequest, scope: str = HOUSE) -> str:
    return scoped(request.content_key(engine.name, engine.model, engine.version), scope)


def speech_prices(engine: Speech) -> PriceList | None:
    """What a million characters cost (the price's "in"); None where nobody sends a bill.

    Raises `engines.pricing.NoPrice`.
    """
    return None if engine.is_free else price_of(engine.name, engine.model, timezone.now())


def speech_kept(engine: Speech, request: SpeechRequest, scope: str = HOUSE) -> bool:
    """Whether saying this would only fetch what is kept."""
    return sound_path(engine, request, scope).is_file()


def speech_said(
    *,
    engine: Speech,
    request: SpeechRequest,
    budget: Budget | None = None,
    wait: Wait = time.sleep,
    scope: str = HOUSE,
) -> Said:
    """The sound of `request`, made or bought if this scope does not have it yet.

    `budget` is needed for an engine that costs. Must not run inside a transaction. Raises
    `EngineError` as `buying.buy` does.
    """
    path = sound_path(engine, request, scope)
    if engine.is_free:
        return _free(engine, request, path)
    if budget is None:
        raise ValueError(f"{engine.name} costs money: give the budget that pays")
    wanted = Purchase(
        engine=engine.name,
        model=engine.model,
        key=key_of(engine, request, scope),
        purpose=request.purpose,
        most=Usage(len(request.text)),
        timeout=request.timeout,
        ask=partial(_say, engine, request, path),
        read=Kept.from_dict,
        scope=scope,
    )
    got = buy(wanted, budget=budget, price=partial(_price, engine), wait=wait)
    return Said(path, got.answer.words, got.cost_micro, got.currency, got.kept)


def _price(engine: Speech) -> PriceList:
    return price_of(engine.name, engine.model, timezone.now())


def _free(engine: Speech, request: SpeechRequest, path: Path) -> Said:
    notes = path.with_suffix(".json")
    if notes.is_file() and path.is_file():
        return Said(path, Kept.from_dict(json.loads(notes.read_text())).words, kept=True)
    kept = _say(engine, request, path)
    _write(notes, json.dumps(kept.to_dict(), ensure_ascii=False).encode())
    return Said(path, kept.words)


def _say(engine: Speech, request: SpeechRequest, path: Path) -> Kept:
    answer: SpeechAnswer = engine.say(request)
    # Before the receipt: a paid sound is never named and not there.
    _write(path, answer.sound)
    file = path.relative_to(settings.MEDIA_ROOT).as_posix()
    return Kept(file, answer.words, Usage(answer.characters), answer.request_id)


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)
