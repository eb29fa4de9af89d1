"""Lines of many parts become one text, and every offset that matters is kept while it grows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from engines.decoding import Decoded, Repair, UndecodableError
from engines.documents import Line
from generation.story.model import LeftOut

__all__ = ["Assembly", "Extracted"]

_BROKEN = "\ufffd"


@dataclass(frozen=True, slots=True)
class Extracted:
    """Text with LF newlines. `headings` are [start, end) of lines that the format marks as such."""

    text: str
    encoding: str
    repairs: tuple[Repair, ...] = ()
    headings: tuple[tuple[int, int], ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    title: str = ""


@dataclass
class Assembly:
    """A book being put together. Paragraphs are a blank line apart, so that none is joined."""

    title: str = ""
    left_out: list[LeftOut] = field(default_factory=list)
    _pieces: list[str] = field(default_factory=list)
    _length: int = 0
    _headings: list[tuple[int, int]] = field(default_factory=list)
    _repairs: list[Repair] = field(default_factory=list)
    _encodings: list[str] = field(default_factory=list)

    def leave_out(self, name: str, code: str) -> None:
        self.left_out.append(LeftOut(name, code))

    def add(self, lines: Sequence[Line], decoded: Decoded | None, *, gap: str = "\n\n") -> None:
        """Append a part. `decoded` is where its lines came from, for encoding and repairs."""
        began, first = self._length, len(self._pieces)
        for line in lines:
            start = self._say(line.text)
            if line.heading and line.text.strip():
                self._headings.append((start, self._length))
            self._say(gap)
        self._encodings.append(decoded.encoding if decoded else "utf-8")
        if decoded and decoded.repairs:
            self._place_repairs(decoded.repairs, began, first)

    def add_titled(
        self, title: str, lines: Sequence[Line], decoded: Decoded | None, *, gap: str = "\n\n"
    ) -> None:
        """Append a part that its file name titles, unless its own first line says the same."""
        first = next((line.text.strip() for line in lines if line.text.strip()), "")
        if title and title not in first and first not in title:
            self.add([Line(title, heading=True)], None)
            self._encodings.pop()
            self.add(lines, decoded, gap=gap)
            return
        at = next((i for i, line in enumerate(lines) if line.text.strip()), None)
        marked = [
            Line(line.text, line.heading or (i == at and bool(title)))
            for i, line in enumerate(lines)
        ]
        self.add(marked, decoded, gap=gap)

    def done(self) -> Extracted:
        """Raises UndecodableError where no word came together."""
        text = "".join(self._pieces).rstrip("\n") + "\n"
        if not text.strip():
            raise UndecodableError(
                "empty", "The file holds no text, only markup or pictures. Choose another file."
            )
        most = max(set(self._encodings), key=self._encodings.count, default="utf-8")
        return Extracted(
            text,
            most,
            tuple(self._repairs),
            tuple(self._headings),
            tuple(self.left_out),
            self.title,
        )

    def _say(self, words: str) -> int:
        start = self._length
        self._pieces.append(words)
        self._length += len(words)
        return start

    def _place_repairs(self, repairs: Sequence[Repair], began: int, first: int) -> None:
        """A repair's place in the book: the n-th U+FFFD of this part is the n-th repair."""
        said = "".join(self._pieces[first:])
        places = [at for at, char in enumerate(said) if char == _BROKEN]
        for repair, at in zip(repairs, places, strict=False):
            self._repairs.append(
                Repair(repair.byte_offset, began + at, repair.reason, repair.original)
            )
