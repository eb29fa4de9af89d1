"""A novel in, a storyboard out, with frames, film and 剪映 draft on request.

With the text engine `offline` it needs no database; with a chat engine the ledger of paid calls.
"""

import json
import sys
import time
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.management.base import CommandParser
from django.db import DatabaseError

from crm.exceptions import DomainError
from engines.commands import BadInput, HouseCommand, read_file
from engines.decoding import UndecodableError
from engines.errors import EngineError
from engines.money import decimal_of, micro_of, plain
from engines.services.resolution import budget_for
from generation import film, frames, story
from generation.library import template_named
from generation.prompts.compiling import board_with, told_by
from generation.prompts.library import shipped
from generation.prompts.templates import Template
from generation.services.texts import (
    OFFLINE,
    TextQuote,
    complete_with,
    engine_choices,
    is_text_engine,
    mapper_for,
    text_quote,
)

FRAME_SIZE = (1080, 1920)


class Command(HouseCommand):
    help = "Make a storyboard from NOVEL (txt) in DIR: storyboard.json, frames/, film.mp4, draft/."

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("novel", metavar="NOVEL")
        parser.add_argument("--out", metavar="DIR", default="storyboard")
        parser.add_argument("--chapters", default="", metavar="1-3", help="which, counted from 1")
        parser.add_argument("--text", default="offline", metavar="offline|ENGINE")
        parser.add_argument(
            "--cap",
            metavar="AMOUNT",
            help="the most that the text engine may cost; default: twice the quote",
        )
        parser.add_argument(
            "--quote", action="store_true", help="tell what it would cost, and stop"
        )
        parser.add_argument("--frames", default="none", metavar="none|sketch|ENGINE")
        parser.add_argument("--template", default="", metavar="NAME")
        parser.add_argument("--language", default="auto")
        parser.add_argument("--density", type=float, help="shots per 1,000 characters")
        parser.add_argument("--minutes", type=float, help="the film's length at most")
        parser.add_argument("--film", action="store_true", help="film.mp4 and film.srt")
        parser.add_argument("--draft", action="store_true", help="剪映 draft in draft/")

    def work(self, **options: Any) -> dict[str, Any]:
        began = time.monotonic()
        self._check(options)
        text = _read(Path(options["novel"]))
        if options["quote"]:
            return self._quote_only(text, options)
        folder = Path(options["out"])
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BadInput(f"--out {folder}: {error.strerror}; choose another folder.") from error
        board = self._board(text, options)
        if options["frames"] == "sketch":
            self._draw(board, folder)
        _write(folder / "storyboard.json", board)
        if options["film"]:
            self._film(board, folder)
        if options["draft"]:
            film.write_draft(board, folder, folder / "draft", spec=film.FilmSpec(size=FRAME_SIZE))
        return {
            "chapters": len(board["chapters"]),
            "cast": len(board["cast"]),
            "scenes": len(board["scenes"]),
            "shots": len(board["shots"]),
            "seconds": round(time.monotonic() - began, 3),
            "usage": board["usage"],
        }

    def _check(self, options: dict[str, Any]) -> None:
        if not is_text_engine(options["text"]):
            known = ", ".join([OFFLINE, *dict(engine_choices())])
            raise BadInput(
                f"--text {options['text']}: no such text engine here; use {known}, or configure it "
                "in CHAT_ENGINES."
            )
        if options["frames"] not in ("none", "sketch"):
            raise BadInput(
                f"--frames {options['frames']}: no such frame engine here; use sketch or none."
            )
        options["library"] = _template(options)
        if (options["film"] or options["draft"]) and options["frames"] == "none":
            raise BadInput("--film and --draft need pictures; add --frames sketch.")
        if options["density"] is not None and not 0.2 <= options["density"] <= 100:
            raise BadInput(f"--density {options['density']}: give 0.2 to 100 shots per 1,000.")

        if options["minutes"] is not None and not 0.1 <= options["minutes"] <= 600:
            raise BadInput(f"--minutes {options['minutes']}: give 0.1 to 600.")

    def _board(self, text: story.Text, options: dict[str, Any]) -> dict[str, Any]:
        def progress(step: str, done: int, total: int) -> None:
            self.progress(f"{step} {done}/{total}")

        chapters = story.chapters(text)
        wanted: dict[str, Any] = {}
        template: Template | None = options["library"]
        if options["template"] and template is None:
            wanted["template"] = options["template"]
        select = _selection(options["chapters"], chapters)
        if options["text"] != OFFLINE:
            wanted["mapper"] = self._mapper(text, chapters, select, options)
        try:
            board = story.storyboard(
                text,
                language=options["language"],
                chapters=chapters,
                select=select,
                density=options["density"],
                seconds=None if options["minutes"] is None else options["minutes"] * 60,
                on_progress=progress,
                **wanted,
            ).to_dict()
        except EngineError as error:
            raise BadInput(
                f"--text {options['text']}: {error} What is paid for is kept: run the command again "
                "to go on."
            ) from error
        board["usage"] |= {"text_engine": options["text"], "frame_engine": options["frames"]}
        return board_with(template, board) if template and template.makes == "picture" else board

    def _quote(
        self,
        text: story.Text,
        chapters: tuple[story.Chapter, ...],
        select: list[int] | None,
        options: dict[str, Any],
    ) -> TextQuote | None:
        lengths = [c.end - c.start for c in chapters if select is None or c.index in select]
        language = text.language if options["language"] == "auto" else options["language"]
        density = options["density"] or story.default_density(sum(lengths), language)
        try:
            return text_quote(options["text"], lengths, density=density, english=language == "en")
        except DomainError as error:
            raise BadInput(f"--text {options['text']}: {error}") from error

    def _quote_only(self, text: story.Text, options: dict[str, Any]) -> dict[str, Any]:
        chapters = story.chapters(text.text)
        told = self._quote(text, chapters, _selection(options["chapters"], chapters), options)
        return {"quote": _told(told) if told else {"engine": OFFLINE, "cost": "0"}}

    def _mapper(
        self,
        text: story.Text,
        chapters: tuple[story.Chapter, ...],
        select: list[int] | None,
        options: dict[str, Any],
    ) -> story.Mapper:
        told = self._quote(text, chapters, select, options)
        assert told is not None  # noqa: S101  offline is mapped by the rules
        cap = _cap(options["cap"], told.most_micro)
        facts = _told(told) | {"cap": plain(decimal_of(cap))}
        sys.stderr.write("quote " + json.dumps(facts, ensure_ascii=False) + "\n")
        budget = budget_for(key=f"command:{uuid4().hex}", cap_micro=cap, currency=told.currency)
        complete = complete_with(options["text"], budget)
        if options["library"] and options["library"].makes == "storyboard":
            complete = told_by(options["library"], complete)
        return mapper_for(options["text"], title=text.title, complete=complete)

    def _draw(self, board: dict[str, Any], folder: Path) -> None:
        cast = {item["id"]: item for item in board["cast"]}
        scenes = {item["index"]: item for item in board["scenes"]}
        (folder / "frames").mkdir(exist_ok=True)
        (folder / "sheets").mkdir(exist_ok=True)
        drawn = {item["id"] for shot in board["shots"] for item in shot["cast"]}
        for item in board["cast"]:
            if item["id"] in drawn:
                item["reference"] = f"sheets/{item['id']}.png"
                (folder / item["reference"]).write_bytes(frames.character_sheet(item).to_png())
        for count, shot in enumerate(board["shots"], 1):
            self.progress(f"frames {count}/{len(board['shots'])}")
            shot["frame"] = f"frames/{shot['index']:05d}.png"
            panel = frames.draw(shot, cast=cast, scene=scenes[shot["scene"]], size=FRAME_SIZE)
            (folder / shot["frame"]).write_bytes(panel.to_png())

    def _film(self, board: dict[str, Any], folder: Path) -> None:
        spec = film.FilmSpec(size=FRAME_SIZE)

        def progress(done: int, total: int) -> None:
            self.progress(f"film {done}/{total}")

        try:
            film.render_film(board, folder, folder / "film.mp4", spec=spec, on_progress=progress)
        except film.FilmError as error:
            raise BadInput(str(error)) from error
        (folder / "film.srt").write_text(film.subtitles(board, "srt", spec=spec), "utf-8")


def _template(options: dict[str, Any]) -> Template | None:
    """The library's template of this name; None where none is wanted or the story room has it."""
    name = options["template"]
    if not name or name in story.TEMPLATES:
        return None
    try:
        found = template_named(name)
    except DatabaseError as error:
        raise BadInput(
            f"--template {name}: not among the shipped ones, and the workspace cannot be asked: "
            f"{str(error).splitlines()[0]}"
        ) from error
    if found is None:
        known = ", ".join(sorted({*story.TEMPLATES, *shipped()}))
        raise BadInput(f"--template {name}: not in the library; use {known}.")
    if found.makes == "storyboard" and options["text"] == OFFLINE:
        raise BadInput(f"--template {name}: tells a chat model how to direct; add --text ENGINE.")
    return found


def _told(told: TextQuote) -> dict[str, Any]:
    """The quote as it is printed; `cheaper` says what would cost less."""
    return {
        "engine": told.engine,
        "calls": told.calls,
        "input_tokens": told.input_tokens,
        "output_tokens": told.output_tokens,
        "tokens_per_thousand": told.per_thousand,
        "seconds": told.seconds,
        "cost": plain(decimal_of(told.cost_micro)),
        "currency": told.currency,
        "cheaper": ["--text offline", "--density with fewer shots", "--chapters with fewer"],
    }


def _cap(wanted: str | None, usual: int) -> int:
    """The cap in micro-units."""
    if wanted is None:
        return usual
    try:
        amount = Decimal(wanted)
    except InvalidOperation:
        raise BadInput(f"--cap {wanted}: write an amount like 2.50.") from None
    if not amount.is_finite() or not 0 <= amount <= 1_000_000:
        raise BadInput(f"--cap {wanted}: write an amount from 0 to 1000000.")
    return micro_of(amount)


def _read(path: Path) -> story.Text:
    try:
        text = story.read(read_file(path, settings.NOVEL_MAX_BYTES), path.name)
    except UndecodableError as error:
        raise BadInput(f"{path}: {error}") from error
    for repair in text.repairs[:20]:
        sys.stderr.write(f"{path}: repaired at character {repair.offset}: {repair.reason}\n")
    return text


def _selection(wanted: str, chapters: tuple[story.Chapter, ...]) -> list[int] | None:
    """Chapters as a reader counts them (1-3,7) → indices; front matter without a title is not counted."""
    if not wanted:
        return None
    titled = [item.index for item in chapters if item.title] or [item.index for item in chapters]
    chosen: set[int] = set()
    for part in wanted.split(","):
        first, dash, last = part.strip().partition("-")
        try:
            begin, end = int(first), int(last) if dash else int(first)
        except ValueError:
            raise BadInput(f"--chapters {wanted}: write numbers like 1-3 or 1,4.") from None
        if not 1 <= begin <= end <= len(titled):
            raise BadInput(f"--chapters {wanted}: this novel has chapters 1 to {len(titled)}.")
        chosen.update(titled[begin - 1 : end])
    return sorted(chosen)


def _write(path: Path, board: dict[str, Any]) -> None:
    draft = path.with_suffix(".json.part")
    draft.write_text(json.dumps(board, ensure_ascii=False, indent=1), "utf-8")
    draft.replace(path)
