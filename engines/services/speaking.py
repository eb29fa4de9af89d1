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
    """What stands beside the receipt: where the sound is, not the sound itself."""

    key: str
    words: tuple[Word, ...]
    usage: Usage
    request_id: str = ""

    def to_dict(self) -> dict[str, Any]:
        return {
            "sound": self.key,
            "words": [[word.text, word.start_ms, word.end_ms] for word in self.words],
            "characters": self.usage.input_tokens,
            "request_id": self.request_id,
        }

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Kept:
        """Raises EngineError where the sound itself is gone."""
        key = str(told["sound"])
        if not sound_path(key).is_file():
            raise EngineError(
                _(
                    "This was said and paid for before, but its sound is gone from the media folder."
                ),
                code="sound_lost",
                permanent=True,
                billed=Billed.SURELY,
            )
        words = tuple(Word(text, start, end) for text, start, end in told["words"])
        return cls(key, words, Usage(int(told["characters"])), str(told["request_id"]))


def sound_path(key: str) -> Path:
    """Where the sound of a content key is or will be."""
    return Path(settings.MEDIA_ROOT) / "speech" / key[:2] / f"{key}.wav"


def key_of(engine: Speech, request: SpeechRequest) -> str:
    return request.content_key(engine.name, engine.model, engine.version)


def speech_prices(engine: Speech) -> PriceList | None:
    """What a million characters cost (the price's "in"); None where nobody sends a bill.

    Raises `engines.pricing.NoPrice`.
    """
    return None if engine.is_free else price_of(engine.name, engine.model, timezone.now())


def speech_kept(engine: Speech, request: SpeechRequest) -> bool:
    """Whether saying this would only fetch what is kept."""
    return sound_path(key_of(engine, request)).is_file()


def speech_said(
    *,
    engine: Speech,
    request: SpeechRequest,
    budget: Budget | None = None,
    wait: Wait = time.sleep,
) -> Said:
    """The sound of `request`, made or bought if it is not there yet.

    `budget` is needed for an engine that costs. Must not run inside a transaction. Raises
    `EngineError` as `buying.buy` does.
    """
    key = key_of(engine, request)
    if engine.is_free:
        return _free(engine, request, key)
    if budget is None:
        raise ValueError(f"{engine.name} costs money: give the budget that pays")
    wanted = Purchase(
        engine=engine.name,
        model=engine.model,
        key=key,
        purpose=request.purpose,
        most=Usage(len(request.text)),
        timeout=request.timeout,
        ask=partial(_say, engine, request, key),
        read=Kept.from_dict,
    )
    got = buy(wanted, budget=budget, price=partial(_price, engine), wait=wait)
    return Said(sound_path(key), got.answer.words, got.cost_micro, got.currency, got.kept)


def _price(engine: Speech) -> PriceList:
    return price_of(engine.name, engine.model, timezone.now())


def _free(engine: Speech, request: SpeechRequest, key: str) -> Said:
    notes = sound_path(key).with_suffix(".json")
    if notes.is_file() and sound_path(key).is_file():
        return Said(sound_path(key), Kept.from_dict(json.loads(notes.read_text())).words, kept=True)
    kept = _say(engine, request, key)
    _write(notes, json.dumps(kept.to_dict(), ensure_ascii=False).encode())
    return Said(sound_path(key), kept.words)


def _say(engine: Speech, request: SpeechRequest, key: str) -> Kept:
    answer: SpeechAnswer = engine.say(request)
    # Before the receipt: a paid sound is never named and not there.
    _write(sound_path(key), answer.sound)
    return Kept(key, answer.words, Usage(answer.characters), answer.request_id)


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
