"""Files that a creator takes away: captions for the player, a 剪映 draft as one archive."""

import tempfile
import zipfile
from pathlib import Path

import pysubs2
from PIL import Image

from generation import film
from generation.models import Film, Run
from generation.services.filming import board_of_run, made_with, run_folder

THUMB_WIDTHS = (160, 320, 640)


def captions_vtt(row: Film) -> str:
    """The film's captions as WebVTT, which browsers read; kept as SRT."""
    return pysubs2.SSAFile.from_string(row.subtitles, format_="srt").to_string("vtt")


def board_path(run: Run) -> Path:
    return run_folder(run) / "storyboard.json"


def draft_archive(run: Run) -> Path:
    """A zip of the 剪映 draft of the present film, with its voice and music, made on first request and
    kept beside the run's other files.

    Raises FilmError where pictures are missing, FileNotFoundError without a storyboard.
    """
    folder = run_folder(run)
    target = folder / "draft.zip"
    if target.exists():
        return target
    board = board_of_run(run)
    wish, voices = made_with(run)
    with tempfile.TemporaryDirectory(prefix=".draft-", dir=folder) as workshop:
        draft = film.write_draft(
            board, folder, Path(workshop) / f"pingju-{run.pk}", spec=wish.spec, voice=voices.shots,
            headings=voices.headings, music=wish.music_path,
        )  # fmt: skip
        packed = Path(workshop) / "draft.zip"
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
            for path in sorted(draft.rglob("*")):
                if path.is_file():
                    archive.write(path, Path(draft.name) / path.relative_to(draft))
        packed.replace(target)
    return target


def thumbnail(path: Path, width: int) -> Path:
    """A smaller WebP of a picture, `width` pixels wide, made once and kept beside it.

    A thumbnail older than its picture is made again. Raises FileNotFoundError.
    """
    target = path.with_name(f"{path.stem}.{width}.webp")
    if target.exists() and target.stat().st_mtime_ns >= path.stat().st_mtime_ns:
        return target
    with Image.open(path) as picture:
        height = max(1, round(picture.height * width / picture.width))
        small = picture.convert("RGB").resize((width, height), Image.Resampling.LANCZOS)
    with tempfile.NamedTemporaryFile(
        prefix=".thumb-", suffix=".webp", dir=path.parent, delete=False
    ) as draft:
        small.save(draft, "WEBP", quality=82)
    Path(draft.name).replace(target)
    return target
