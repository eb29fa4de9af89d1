"""A novel in, a storyboard out, with frames, film and 剪映 draft on request. Needs no database."""

import json
import sys
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from engines.commands import BadInput, HouseCommand, read_file
from engines.decoding import UndecodableError
from generation import film, frames, story

FRAME_SIZE = (1080, 1920)


class Command(HouseCommand):
    help = "Make a storyboard from NOVEL (txt) in DIR: storyboard.json, frames/, film.mp4, draft/."

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("novel", metavar="NOVEL")
        parser.add_argument("--out", metavar="DIR", default="storyboard")
        parser.add_argument("--chapters", default="", metavar="1-3", help="which, counted from 1")
        parser.add_argument("--text", default="offline", metavar="offline|ENGINE")
        parser.add_argument("--frames", default="none", metavar="none|sketch|ENGINE")
        parser.add_argument("--template", default="", metavar="NAME")
        parser.add_argument("--language", default="auto")
        parser.add_argument("--density", type=float, help="shots per 1,000 characters")
        parser.add_argument("--film", action="store_true", help="film.mp4 and film.srt")
        parser.add_argument("--draft", action="store_true", help="剪映 draft in draft/")

    def work(self, **options: Any) -> dict[str, Any]:
        began = time.monotonic()
        self._check(options)
        text = _read(Path(options["novel"]))
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
        if options["text"] != "offline":
            raise BadInput(f"--text {options['text']}: no such text engine here; use offline.")
        if options["frames"] not in ("none", "sketch"):
            raise BadInput(
                f"--frames {options['frames']}: no such frame engine here; use sketch or none."
            )
        if options["template"] and options["template"] not in story.TEMPLATES:
            known = ", ".join(sorted(story.TEMPLATES))
            raise BadInput(f"--template {options['template']}: not in the library; use {known}.")
        if (options["film"] or options["draft"]) and options["frames"] == "none":
            raise BadInput("--film and --draft need pictures; add --frames sketch.")
        if options["density"] is not None and not 0.2 <= options["density"] <= 100:
            raise BadInput(f"--density {options['density']}: give 0.2 to 100 shots per 1,000.")

    def _board(self, text: story.Text, options: dict[str, Any]) -> dict[str, Any]:
        def progress(step: str, done: int, total: int) -> None:
            self.progress(f"{step} {done}/{total}")

        chapters = story.chapters(text)
        wanted: dict[str, Any] = {}
        if options["template"]:
            wanted["template"] = options["template"]
        board = story.storyboard(
            text,
            language=options["language"],
            chapters=chapters,
            select=_selection(options["chapters"], chapters),
            density=options["density"],
            on_progress=progress,
            **wanted,
        ).to_dict()
        board["usage"]["frame_engine"] = options["frames"]
        return board

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
