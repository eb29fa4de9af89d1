"""RFC 4180 records with the line each began on.

The standard library's reader has a process-wide field limit of 131,072 characters, shorter than
a long interview, and reports only where a record ended.
"""

from __future__ import annotations

from collections.abc import Iterator


class UnclosedQuoteError(ValueError):
    """A quoted field is still open at the end of the text; `line` is where its record began."""

    def __init__(self, line: int) -> None:
        super().__init__(f"line {line}: a quotation mark is opened and never closed")
        self.line = line


def records(text: str, delimiter: str = ",") -> Iterator[tuple[int, list[str], list[int]]]:
    """Yield (line of the record, fields, line each field begins on). Lines are 1-based.

    Blank lines yield nothing. A quotation mark inside an unquoted field is an ordinary
    character; characters after a closing quotation mark are kept, as spreadsheets do.
    """
    position, line, length = 0, 1, len(text)
    while position < length:
        first = line
        fields: list[str] = []
        lines: list[int] = []
        while True:
            lines.append(line)
            field, position, line = _field(text, position, line, delimiter, first)
            fields.append(field)
            if position >= length or text[position] == "\n":
                break
            position += 1
        position += 1
        line += 1
        if fields != [""]:
            yield first, fields, lines


def _field(
    text: str, position: int, line: int, delimiter: str, record: int
) -> tuple[str, int, int]:
    """One field from `position`: its value, the index of the separator after it, the line there."""
    if not text.startswith('"', position):
        end = _unquoted_end(text, position, delimiter)
        return text[position:end], end, line
    parts: list[str] = []
    start = position + 1
    while True:
        close = text.find('"', start)
        if close < 0:
            raise UnclosedQuoteError(record)
        parts.append(text[start:close])
        if text.startswith('""', close):
            parts.append('"')
            start = close + 2
            continue
        break
    end = _unquoted_end(text, close + 1, delimiter)
    value = "".join(parts)
    return value + text[close + 1 : end], end, line + value.count("\n")


def _unquoted_end(text: str, position: int, delimiter: str) -> int:
    newline = text.find("\n", position)
    end = len(text) if newline < 0 else newline
    separator = text.find(delimiter, position, end)
    return end if separator < 0 else separator
