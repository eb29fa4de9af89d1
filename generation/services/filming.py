"""A film from a run's storyboard, pictures and settings: checked first, then voiced, then rendered."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from crm.exceptions import DomainError
from crm.models import Job
from engines.models import Budget
from engines.scopes import folder_of
from generation import film
from generation.models import Film, FilmSettings, Novel, Run
from generation.selectors import current_frames
from generation.services.film_marks import made_of
from generation.services.voicing import (
    SILENT,
    Script,
    assigned,
    default_engine,
    engine_is_free,
    script_of,
    shots_voiced,
    voice_engines,
)

SIZES = {
    FilmSettings.Shape.VERTICAL.value: (1080, 1920),
    FilmSettings.Shape.HORIZONTAL.value: (1920, 1080),
    FilmSettings.Shape.SQUARE.value: (1080, 1080),
}
# How much of a film's work the voice is, where there is one, for the bar.
_VOICE_SHARE = 40
NOTES = "film.json"


@dataclass(frozen=True)
class Wish:
    """The settings of one film. `voices` by character's name, "" the narrator; `music` is a path
    below the media folder."""

    shape: str
    captions: str = "stroke"
    cards: bool = True
    speech_engine: str = SILENT
    voices: Mapping[str, str] = field(default_factory=dict)
    speed: float = 1.0
    lexicon: str = ""
    music: str = ""
    music_name: str = ""

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def spec(self) -> film.FilmSpec:
        return film.FilmSpec(
            size=SIZES[self.shape],
            caption_style=self.captions,  # type: ignore[arg-type]  # one of the model's choices
            title_card=self.cards,
        )

    @property
    def music_path(self) -> Path | None:
        return Path(settings.MEDIA_ROOT) / self.music if self.music else None


def run_folder(run: Run) -> Path:
    """Where the run's files are: storyboard.json and the pictures it names."""
    return Path(settings.MEDIA_ROOT) / "runs" / str(run.pk)


def board_of_run(run: Run) -> dict[str, Any]:
    """The run's storyboard with each shot's current picture. Raises FileNotFoundError."""
    board: dict[str, Any] = json.loads((run_folder(run) / "storyboard.json").read_text("utf-8"))
    pictures = current_frames(run)
    root = run_folder(run)
    for shot in board["shots"]:
        current = pictures.get(shot["index"])
        if current is not None:
            path = Path(settings.MEDIA_ROOT) / str(current.file)
            shot["frame"] = str(path.relative_to(root)) if path.is_relative_to(root) else str(path)
    return board


def wish_of(run: Run) -> Wish:
    """The novel's settings as they are now; without any, the run's own format and the first voice
    that costs nothing."""
    told = FilmSettings.objects.filter(novel=run.novel_id).first()
    shape = FilmSettings.Shape.VERTICAL if run.portrait else FilmSettings.Shape.HORIZONTAL
    if told is None:
        return Wish(shape.value, speech_engine=default_engine(run.novel.language))
    return Wish(
        shape=told.shape or shape.value,
        captions=told.captions,
        cards=told.cards,
        speech_engine=told.speech_engine,
        voices=told.voices.get(told.speech_engine, {}),
        speed=told.speed,
        lexicon=told.lexicon,
        music=(told.music.name or "") if told.music else "",
        music_name=told.music_name,
    )


def unpaid(wish: Wish) -> Wish:
    """The wish without a voice that costs: for a film that nobody saw a price of."""
    if engine_is_free(wish.speech_engine):
        return wish
    return Wish(**{**wish.to_dict(), "speech_engine": SILENT, "voices": {}})


def checked(run: Run, board: Mapping[str, Any], wish: Wish, *, whole: bool = True) -> Script | None:
    """Everything that a film needs is there: font, pictures, music, engine, voices, lexicon. `whole`: as
    for `film.check`.

    Returns what has to be said, None for a silent film. Raises DomainError naming what is missing.
    """
    try:
        film.check(board, run_folder(run), music=wish.music_path, whole=whole)
        if wish.speech_engine == SILENT:
            film.parse_lexicon(wish.lexicon)
            return None
        return script_of(
            board,
            run.novel.text,
            engine=wish.speech_engine,
            voices=wish.voices,
            speed=wish.speed,
            lexicon=wish.lexicon,
            cards=wish.cards,
            scope=run.novel.scope,
        )
    except film.FilmError as error:
        raise DomainError(film_words(error), error.code) from error


def film_words(error: film.FilmError) -> str:
    """What is wrong with a film, in the reader's language."""
    told = dict(error.parameters)
    shot = int(str(told.get("shot", 0))) + 1
    words = {
        "board": _("The storyboard does not hang together: make it again."),
        "frame_missing": _("Shot %(shot)s has no picture: draw it first."),
        "frame_unreadable": _("The picture of shot %(shot)s cannot be read: draw it again."),
        "font_missing": _("The font for captions is not installed: %(font)s."),
        "voice_missing": _("The voice of shot %(shot)s is missing: make the film again."),
        "voice_unreadable": _("A voice cannot be read: choose another one."),
        "music_missing": _("The music is not there any more: upload it again."),
        "music_unreadable": _("The music is no sound file that can be read: upload another one."),
        "lexicon": _("Line %(line)s of the lexicon is not of the form written = said."),
    }
    pattern = words.get(error.code)
    if pattern is None:
        return error.message
    return pattern % {
        "shot": shot,
        "font": told.get("font", ""),
        "line": told.get("line", ""),
    }


def film_make(
    run: Run,
    board: dict[str, Any],
    wish: Wish,
    *,
    name: str,
    on_percent: Callable[[int], None],
    wait: Callable[[float], None],
    budget: Budget | None = None,
) -> Film:
    """Voice and render the film, and put it in the place of the one before.

    What is said and encoded is kept as it is done, so a call that was stopped goes on from there.
    `on_percent` may raise to stop; `wait` too.
    """
    script = checked(run, board, wish)
    folder = run_folder(run)
    voices = None
    share = _VOICE_SHARE if script else 0
    if script is not None:
        voices = shots_voiced(
            script,
            len(board["shots"]),
            folder / "voice",
            budget=budget,
            on_progress=lambda done, total: on_percent(done * share // max(1, total)),
            wait=wait,
        )
    board = {**board, "film": _credits(wish, run.novel.language)}
    target = folder / name
    report = film.render_film(
        board,
        folder,
        target,
        spec=wish.spec,
        voice=voices.shots if voices else None,
        headings=voices.headings if voices else None,
        music=wish.music_path,
        segments=folder / "segments",
        on_progress=lambda done, total: on_percent(share + done * (100 - share) // max(1, total)),
    )
    told = made_of(board, folder, wish.to_dict(), script.voices if script else {})
    return _published(run, board, wish, report, voices, told)


def _credits(wish: Wish, language: str) -> dict[str, str]:
    voice = dict(voice_engines(language)).get(wish.speech_engine, wish.speech_engine)
    names = {"voice": voice, "music": Path(wish.music_name).stem}
    return {key: value for key, value in names.items() if value}


def _published(
    run: Run,
    board: Mapping[str, Any],
    wish: Wish,
    report: film.FilmReport,
    voices: film.Voices | None,
    told_of: dict[str, Any],
) -> Film:
    before = Film.objects.filter(run=run).first()
    row = before or Film(run=run)
    old = {row.file.path, row.poster.path} if before and row.file and row.poster else set()
    row.subtitles = film.subtitles(
        board,
        "srt",
        spec=wish.spec,
        spoken=voices.spoken if voices else None,
        headings=voices.announced if voices else None,
    )
    row.duration_ms, row.sha256 = report.duration_ms, report.sha256
    row.width, row.height = wish.spec.size
    row.voice, row.made_of = wish.speech_engine, told_of
    row.file.name = str(report.path.relative_to(settings.MEDIA_ROOT))
    # In the run's own folder, so that it goes with it, and so do its thumbnails.
    poster = report.path.with_name(f"poster-{report.sha256[:8]}.jpg")
    row.poster.save(
        str(poster.relative_to(settings.MEDIA_ROOT)),
        ContentFile(film.poster(report.path)),
        save=False,
    )
    notes = {
        "wish": wish.to_dict(),
        "voices": [_noted(told) for told in voices.shots or ()] if voices else None,
        "headings": {str(at): _noted(told) for at, told in voices.headings.items()}
        if voices
        else {},
        "segments": list(report.segments),
    }
    with transaction.atomic():
        row.save()
    _tidy(run_folder(run), notes)
    for path in map(Path, old - {row.file.path, row.poster.path}):
        # with the smaller ones that were made of it
        for file in (path, *path.parent.glob(f"{path.stem}.*.webp")):
            file.unlink(missing_ok=True)
    music_tidy(run.novel)
    return row


def _noted(told: film.ShotVoice | None) -> dict[str, Any] | None:
    return {"file": f"voice/{told.path.name}", **told.spoken.to_dict()} if told else None


def _heard(folder: Path, noted: Mapping[str, Any]) -> film.ShotVoice:
    return film.ShotVoice(folder / noted["file"], film.Spoken.from_dict(noted))


def _tidy(folder: Path, notes: Mapping[str, Any]) -> None:
    """Keep the notes of the film, and what it and the one before it are made of."""
    path = folder / NOTES
    before = film_notes(folder) or {}
    draft = path.with_suffix(".part")
    draft.write_text(json.dumps(notes, ensure_ascii=False), "utf-8")
    draft.replace(path)
    (folder / "draft.zip").unlink(missing_ok=True)
    for name, keep in (("segments", _segments), ("voice", _voice_files)):
        kept = keep(before) | keep(notes)
        for file in (folder / name).glob("*") if (folder / name).is_dir() else ():
            if file.suffix != ".part" and file.name not in kept:
                file.unlink(missing_ok=True)


def music_tidy(novel: Novel) -> None:
    """Delete the novel's earlier music that no settings, no film and no waiting job needs."""
    folder = Path(settings.MEDIA_ROOT) / folder_of(novel.scope) / "music"
    told = FilmSettings.objects.filter(novel=novel).first()
    kept = {told.music.name} if told else set()
    for run in Run.objects.filter(novel=novel):
        kept.add((film_notes(run_folder(run)) or {}).get("wish", {}).get("music"))
        kept.update(
            run.film_jobs.exclude(state=Job.State.DONE).values_list("wish__music", flat=True)
        )
    for file in folder.glob("*"):
        if file.relative_to(settings.MEDIA_ROOT).as_posix() not in kept:
            file.unlink(missing_ok=True)


def _segments(notes: Mapping[str, Any]) -> set[str]:
    return set(notes.get("segments") or ())


def _voice_files(notes: Mapping[str, Any]) -> set[str]:
    noted = [*(notes.get("voices") or ()), *(notes.get("headings") or {}).values()]
    names = {Path(told["file"]) for told in noted if told}
    return {path.name for path in names} | {f"{path.stem}.json" for path in names}


def film_notes(folder: Path) -> dict[str, Any] | None:
    """What the run's present film was made with; None where nothing is noted."""
    path = folder / NOTES
    if not path.is_file():
        return None
    notes: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return notes


def made_with(run: Run) -> tuple[Wish, film.Voices]:
    """The settings and the voices of the run's present film, for its draft."""
    notes = film_notes(run_folder(run))
    if notes is None:
        shape = FilmSettings.Shape.VERTICAL if run.portrait else FilmSettings.Shape.HORIZONTAL
        return Wish(shape.value), film.Voices(None)
    if notes["voices"] is None:
        return Wish(**notes["wish"]), film.Voices(None)
    folder = run_folder(run)
    return Wish(**notes["wish"]), film.Voices(
        [_heard(folder, told) if told else None for told in notes["voices"]],
        {int(at): _heard(folder, told) for at, told in (notes.get("headings") or {}).items()},
    )


def voices_of(run: Run, board: Mapping[str, Any], engine: str) -> dict[str, str]:
    """The voice of each character by name as a film would have them now."""
    told = FilmSettings.objects.filter(novel=run.novel_id).first()
    return assigned(board, engine, told.voices.get(engine, {}) if told else {})
