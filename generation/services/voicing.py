"""The voice of a film: who speaks how, what it costs, and the sound of each shot."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from crm.exceptions import DomainError
from engines.chat.protocol import Usage
from engines.errors import EngineError
from engines.models import Budget
from engines.scopes import HOUSE
from engines.services.speaking import (
    Said,
    key_of,
    sound_path,
    speech_kept,
    speech_prices,
    speech_said,
)
from engines.speech import Speech, SpeechRequest, Voice
from engines.speech.registry import (
    BadEngineSettings,
    UnknownEngine,
    settings_of,
    speech_engine,
    speech_settings,
)
from generation import film

SILENT = ""
NARRATOR = film.NARRATOR
# About how long an engine takes for a character: said 5 a second, in 0.8 of that time on two cores.
SECONDS_A_CHARACTER = 0.16
SAMPLE = {
    "zh": "雪下了一夜，他终于抬手敲门。",
    "en": "It snowed all night, and at last he knocked.",
}


@dataclass(frozen=True)
class Part:
    """One piece as it will be asked for, and where it stands."""

    piece: film.Piece
    reading: film.Reading
    request: SpeechRequest


@dataclass(frozen=True)
class Script:
    """All that a film says: the engine, its parts in order, and who has which voice (by name of the
    character; "" is the narrator), and whose words they are."""

    engine: Speech
    parts: tuple[Part, ...]
    voices: Mapping[str, str]
    scope: str = HOUSE


def voice_engines(language: str) -> list[tuple[str, str]]:
    """(name, title) of the engines that have a voice for this language; none where the setting
    cannot be read (a check says why)."""
    try:
        named = sorted(speech_settings().items())
    except BadEngineSettings:
        return []
    return [(name, told.shown) for name, told in named if voices_for(name, language)]


def voices_for(engine: str, language: str) -> tuple[Voice, ...]:
    """The engine's voices that speak the language, the narrator first; empty for an unknown one."""
    try:
        voices = speech_engine(engine).voices()
    except (UnknownEngine, BadEngineSettings):
        return ()
    return tuple(voice for voice in voices if voice.speaks(language))


def default_engine(language: str) -> str:
    """The first engine that costs nothing and speaks the language; SILENT where there is none."""
    names = [name for name, _title in voice_engines(language)]
    return next((name for name in names if speech_engine(name).is_free), SILENT)


def engine_is_free(engine: str) -> bool:
    return engine == SILENT or speech_engine(engine).is_free


def assigned(board: Mapping[str, Any], engine: str, chosen: Mapping[str, str]) -> dict[str, str]:
    """The voice of each character by name, "" being the narrator; what was chosen stays.

    Raises DomainError where the engine has no voice for the language.
    """
    language = board["novel"]["language"]
    try:
        told = film.assign(board["cast"], voices_for(engine, language), chosen)
    except LookupError as error:
        raise DomainError(
            _("The voice engine %(engine)s is not there or has no voice for this language.")
            % {"engine": engine},
            "no_voice",
        ) from error
    names = {person["id"]: person["name"] for person in board["cast"]}
    return {names.get(identity, NARRATOR): voice for identity, voice in told.items()}


def script_of(
    board: Mapping[str, Any],
    text: str,
    *,
    engine: str,
    voices: Mapping[str, str],
    speed: float,
    lexicon: str,
    cards: bool = True,
    scope: str = HOUSE,
) -> Script:
    """What has to be said, in whose voice, as it is to be pronounced; with `cards` the headings too.

    Raises DomainError for an unknown engine or voice, FilmError("lexicon") naming its line.
    """
    entries = film.parse_lexicon(lexicon)
    language = board["novel"]["language"]
    by_name = assigned(board, engine, voices)
    known = {voice.id for voice in voices_for(engine, language)}
    for name, voice in voices.items():
        if voice not in known:
            raise DomainError(
                _("The voice %(voice)s of %(name)s is not one of %(engine)s: choose another.")
                % {"voice": voice, "name": name or _("the narrator"), "engine": engine},
                "no_voice",
            )
    names = {person["id"]: person["name"] for person in board["cast"]}
    timeout = settings_of(engine).timeout
    parts = []
    for piece in [
        *(film.headings_of(board) if cards else ()),
        *film.pieces_of(board, text, cards=cards),
    ]:
        written = _written(board, piece)
        reading = film.read_aloud(written, entries, language)
        voice = by_name[names.get(piece.speaker, NARRATOR)]
        request = SpeechRequest(
            reading.text, voice, speed=speed, language=language, timeout=timeout, purpose="film"
        )
        parts.append(Part(piece, reading, request))
    return Script(speech_engine(engine), tuple(parts), by_name, scope)


def _written(board: Mapping[str, Any], piece: film.Piece) -> str:
    if piece.chapter is not None:
        return " ".join(str(board["chapters"][piece.chapter]["title"]).split())
    return str(board["shots"][piece.shot]["narration"][piece.start : piece.end])


@dataclass(frozen=True)
class VoiceQuote:
    """What a script would take. Cost in micro-units; `characters` without those said before."""

    characters: int
    kept: int
    cost_micro: int
    currency: str
    seconds: int


def voice_quote(script: Script) -> VoiceQuote:
    """Raises DomainError where the engine has no price."""
    fresh = [
        part for part in script.parts
        if not speech_kept(script.engine, part.request, script.scope)
    ]  # fmt: skip
    # The same words in the same voice are said once.
    lacking = {key_of(script.engine, part.request): len(part.request.text) for part in fresh}
    try:
        prices = speech_prices(script.engine)
    except EngineError as error:
        raise DomainError(str(error), error.code) from error
    cost = sum(prices.cost(Usage(length)) for length in lacking.values()) if prices else 0
    return VoiceQuote(
        characters=sum(lacking.values()),
        kept=len(script.parts) - len(fresh),
        cost_micro=cost,
        currency=prices.currency if prices else "CNY",
        seconds=round(sum(lacking.values()) * SECONDS_A_CHARACTER),
    )


def shots_voiced(
    script: Script,
    shots: int,
    folder: Path,
    *,
    budget: Budget | None,
    on_progress: Callable[[int, int], None],
    wait: Callable[[float], None] = time.sleep,
) -> film.Voices:
    """The sound of each shot and heading, made where it is not there yet; None for a shot that says
    nothing.

    Each one's file is named by what is in it and kept in `folder`. Raises EngineError as
    `speech_said` does; what was said before it is kept.
    """
    folder.mkdir(parents=True, exist_ok=True)
    by_shot: dict[int, list[tuple[Part, Said]]] = {}
    by_chapter: dict[int, list[tuple[Part, Said]]] = {}
    for count, part in enumerate(script.parts):
        on_progress(count, len(script.parts))
        said = speech_said(
            engine=script.engine,
            request=part.request,
            budget=budget,
            wait=wait,
            scope=script.scope,
        )
        if part.piece.chapter is not None:
            by_chapter.setdefault(part.piece.chapter, []).append((part, said))
        elif part.piece.shot is not None:
            by_shot.setdefault(part.piece.shot, []).append((part, said))
    return film.Voices(
        [_composed(by_shot[shot], folder) if shot in by_shot else None for shot in range(shots)],
        {chapter: _composed(parts, folder) for chapter, parts in by_chapter.items()},
    )


def _composed(parts: Sequence[tuple[Part, Said]], folder: Path) -> film.ShotVoice:
    facts = [[said.path.stem, part.reading.pieces, part.piece.start] for part, said in parts]
    key = hashlib.sha256(json.dumps([1, facts], ensure_ascii=False).encode()).hexdigest()
    path, notes = folder / f"{key}.wav", folder / f"{key}.json"
    if path.is_file() and notes.is_file():
        return film.ShotVoice(path, film.Spoken.from_dict(json.loads(notes.read_text("utf-8"))))
    sounds = [
        film.Sounding(
            said.path,
            part.reading,
            part.piece.start,
            tuple((word.text, word.start_ms, word.end_ms) for word in said.words),
        )
        for part, said in parts
    ]
    spoken = film.compose(sounds, path)
    notes.write_text(json.dumps(spoken.to_dict()), "utf-8")
    return film.ShotVoice(path, spoken)


def sample_request(engine: str, voice: str, language: str) -> SpeechRequest:
    """One line a language, whatever the novel's script or region."""
    text, tag = (SAMPLE["zh"], "zh-Hans") if language.startswith("zh") else (SAMPLE["en"], "en")
    return SpeechRequest(
        text, voice, language=tag, timeout=settings_of(engine).timeout, purpose="sample"
    )


def voice_sample(engine: str, voice: str, language: str) -> Path | None:
    """The sample of a voice, where it has been said; None where it has not."""
    if voice not in {item.id for item in voices_for(engine, language)}:
        return None
    speech, request = speech_engine(engine), sample_request(engine, voice, language)
    if not speech_kept(speech, request):
        return None
    return sound_path(speech, request)


def samples_missing(engine: str, language: str) -> list[str]:
    """Voices of a free engine whose sample is still to be said; a paid engine's are not bought."""
    if engine == SILENT or not engine_is_free(engine):
        return []
    speech = speech_engine(engine)
    return [
        voice.id
        for voice in voices_for(engine, language)
        if not speech_kept(speech, sample_request(engine, voice.id, language))
    ]


def samples_say(engine: str, language: str) -> int:
    """Say the samples that are missing; returns how many. May run twice without harm."""
    lacking = samples_missing(engine, language)
    for voice in lacking:
        speech_said(engine=speech_engine(engine), request=sample_request(engine, voice, language))
    return len(lacking)
