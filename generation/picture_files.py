"""Files of a run's pictures to take away: PNGs in one archive, a contact sheet, a table of shots."""

import csv
import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _
from PIL import Image, ImageDraw, ImageFont

from engines.money import decimal_of, plain
from generation.board_page import FRAMINGS, MOVEMENTS
from generation.exports import thumbnail
from generation.film.fonts import load
from generation.models import Run, Shot
from generation.selectors import cast_of, shots_of

PAGE = (1240, 1754)  # A4 at 150 dpi
MARGIN, GAP = 60, 24
SHEET_SHOTS = 240  # in one PDF; the page leads to the next
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class _Outbox(io.RawIOBase):
    """What the archive writes, taken away as it comes."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self._parts.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        data = b"".join(self._parts)
        self._parts.clear()
        return data


def _current(shot: Shot) -> Path | None:
    frame = next(iter(shot.frames.all()), None)
    path = Path(settings.MEDIA_ROOT) / str(frame.file) if frame else None
    return path if path is not None and path.exists() else None


def pictures_zip(run: Run) -> Iterator[bytes]:
    """The archive in pieces, one picture at a time; nothing is kept in memory or on disk."""
    outbox = _Outbox()
    with zipfile.ZipFile(outbox, "w", zipfile.ZIP_STORED) as archive:
        for shot in shots_of(run).iterator(chunk_size=200):
            path = _current(shot)
            if path is None:
                continue
            name = f"{shot.scene.index + 1:03d}/{shot.index + 1:05d}.png"
            archive.writestr(zipfile.ZipInfo(name), path.read_bytes())
            yield outbox.taken()
        archive.writestr("shots.csv", shots_csv(run))
        yield outbox.taken()
    yield outbox.taken()


def shots_csv(run: Run) -> bytes:
    """One row a shot, for a spreadsheet; a cell that would be a formula is made text."""
    names = {person.key: person.name for person in cast_of(run)}
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow([
        _("Shot"), _("Scene"), _("Place"), _("Framing"), _("Camera movement"), _("Cast"),
        _("Action"), _("Voice-over"), _("Seconds"), _("Prompt"), _("Not wanted"), _("Engine"),
        _("Seed"), _("Version"), _("Locked"), _("Cost"), _("Currency"),
    ])  # fmt: skip
    for shot in shots_of(run).iterator(chunk_size=500):
        frame = next(iter(shot.frames.all()), None)
        writer.writerow([
            shot.index + 1, shot.scene.index + 1, _safe(shot.scene.place),
            FRAMINGS.get(shot.framing, shot.framing), MOVEMENTS.get(shot.movement, shot.movement),
            _safe(_(", ").join(names.get(item["id"], item["id"]) for item in shot.cast)),
            _safe(shot.action), _safe(shot.narration), round(shot.duration_ms / 1000, 1),
            _safe(shot.prompt.get("positive", "")), _safe(shot.prompt.get("negative", "")),
            frame.engine if frame else "", frame.seed if frame else "",
            frame.version if frame else "", _("yes") if frame and frame.locked else "",
            plain(decimal_of(frame.cost_micro)) if frame else "", frame.currency if frame else "",
        ])  # fmt: skip
    return b"\xef\xbb\xbf" + stream.getvalue().encode("utf-8", "replace")


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def contact_sheet(
    run: Run, first: int = 1, tell: Callable[[int, int], None] | None = None
) -> bytes:
    """A PDF of A4 pages with the pictures in use and what stands below each; empty where there
    is no picture. From shot `first` on, at most 240 shots; `tell` hears how many pages are done."""
    rows = shots_of(run).filter(index__gte=first - 1)[:SHEET_SHOTS]
    shots = [(shot, path) for shot in rows if (path := _current(shot)) is not None]
    if not shots:
        return b""
    columns, lines = (4, 3) if run.portrait else (3, 6)
    each = columns * lines
    names = {person.key: person.name for person in cast_of(run)}
    fonts = (load(22, 500), load(30, 600))
    pages: list[Image.Image] = []
    count = -(-len(shots) // each)
    for at in range(0, len(shots), each):
        if tell is not None:
            tell(len(pages), count)
        pages.append(_page(run, shots[at : at + each], (columns, lines), names, fonts))
    stream = io.BytesIO()
    pages[0].save(
        stream, "PDF", save_all=True, append_images=pages[1:], resolution=150.0, quality=82,
        title=run.novel.title, producer="Pingju",
    )  # fmt: skip
    return stream.getvalue()


Fonts = tuple[ImageFont.FreeTypeFont, ImageFont.FreeTypeFont]


def _page(
    run: Run, shots: list[tuple[Shot, Path]], grid: tuple[int, int], names: dict[str, str],
    fonts: Fonts,
) -> Image.Image:  # fmt: skip
    page = Image.new("RGB", PAGE, "white")
    pen = ImageDraw.Draw(page)
    small, large = fonts
    pen.text((MARGIN, MARGIN - 24), run.novel.title, fill="#221a14", font=large)
    pen.text(
        (PAGE[0] - MARGIN, MARGIN - 18),
        f"{shots[0][0].index + 1}–{shots[-1][0].index + 1}",
        fill="#66594c", font=small, anchor="ra",
    )  # fmt: skip
    columns, lines = grid
    top = MARGIN + 40
    wide = (PAGE[0] - 2 * MARGIN - (columns - 1) * GAP) // columns
    cell = (PAGE[1] - top - MARGIN) // lines
    high = cell - 3 * 30 - 14
    for order, (shot, path) in enumerate(shots):
        x = MARGIN + order % columns * (wide + GAP)
        y = top + order // columns * cell
        with Image.open(thumbnail(path, 320)) as picture:
            picture.thumbnail((wide, high), Image.Resampling.LANCZOS)
            page.paste(picture.convert("RGB"), (x, y))
            below = y + picture.height + 6
        cast = _(", ").join(names.get(item["id"], "") for item in shot.cast)
        told = [f"{shot.index + 1} · {FRAMINGS.get(shot.framing, shot.framing)}", cast, shot.action]
        for row, text in enumerate(line for line in told if line):
            pen.text((x, below + row * 30), _cut(text, wide, small), fill="#221a14", font=small)
    return page


def _cut(text: str, wide: int, font: ImageFont.FreeTypeFont) -> str:
    """As much of the text as fits on one line."""
    text = " ".join(text.split())
    if font.getlength(text) <= wide:
        return text
    while text and font.getlength(f"{text}…") > wide:
        text = text[:-1]
    return f"{text}…"
