"""Word documents and web pages to lines of text; what is a heading says so.

Nothing here follows a link, resolves an entity or runs a script: only the words come out.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import docx
from docx.opc.exceptions import OpcError
from docx.table import Table
from docx.text.paragraph import Paragraph
from lxml import etree, html

from engines.archives import check_archive

__all__ = ["DocumentError", "Line", "docx_lines", "html_lines"]

_MAX_TABLE_DEPTH = 8
_HEADING_STYLE = re.compile(r"(?:heading|title|标题|標題)", re.IGNORECASE)
_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
_BLOCKS = _HEADINGS | frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "header",
        "hr",
        "li",
        "main",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
# Words that a reader of the page does not read as part of the text. `rt` and `rp` are the reading
# aid above a character, whose base stays.
_UNREAD = frozenset(
    [
        "script",
        "style",
        "head",
        "title",
        "template",
        "nav",
        "rt",
        "rp",
        "rtc",
        "svg",
        "math",
        "audio",
        "video",
        "object",
        "iframe",
        "select",
        "button",
        "textarea",
    ]
)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\r\n\f\xa0]+")
_CJK = r"\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
# A line break of the source between two Chinese characters is no space.
_WRAPPED = re.compile(rf"(?<=[{_CJK}])[ \t\xa0]*[\r\n]+\s*(?=[{_CJK}])")


class DocumentError(ValueError):
    """`code` is `not_a_document` or `damaged_document`; the message names the remedy."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a document, without a newline."""

    text: str
    heading: bool = False


def docx_lines(data: bytes, *, rows: bool = False) -> list[Line]:
    """The document's lines, one per paragraph or manual line break, tables in reading order.

    With `rows` a row of a table is one line, its cells parted by tabs; what is a break in a cell is
    a vertical tab there.

    Raises ArchiveError for a damaged or oversized archive, DocumentError otherwise.
    """
    if "word/document.xml" not in check_archive(data):
        raise DocumentError(
            "not_a_document", "The file is an archive but no Word document. Save it as docx or txt."
        )
    try:
        return list(_docx(docx.Document(io.BytesIO(data)).iter_inner_content(), 0, rows))
    except (OpcError, SyntaxError, KeyError, ValueError) as error:
        # lxml reports broken XML as a SyntaxError.
        raise DocumentError(
            "damaged_document",
            "The Word document is damaged. Open it in Word or WPS and save it again as docx.",
        ) from error


def _docx(items: Iterable[Paragraph | Table], depth: int, rows: bool) -> Iterator[Line]:
    for item in items:
        if isinstance(item, Paragraph):
            heading = _is_heading(item)
            # A vertical tab or form feed is Word's manual break inside a paragraph.
            for text in item.text.replace("\x0b", "\n").replace("\x0c", "\n").split("\n"):
                yield Line(text, heading and bool(text.strip()))
        elif depth < _MAX_TABLE_DEPTH:
            for row in item.rows:
                # Merged cells appear once per grid column they span.
                cells = [
                    _docx(cell.iter_inner_content(), depth + 1, rows)
                    for cell in dict.fromkeys(row.cells)
                ]
                if rows:
                    texts = ("\v".join(line.text for line in lines) for lines in cells)
                    yield Line("\t".join(text.replace("\t", " ") for text in texts))
                    continue
                for lines in cells:
                    yield from lines


def _is_heading(paragraph: Paragraph) -> bool:
    style = paragraph.style
    return bool(style is not None and style.name and _HEADING_STYLE.match(style.name))


def html_lines(text: str) -> list[Line]:
    """The words of an HTML or XHTML page as a reader sees them, a line per block or `<br>`.

    Broken markup is read as browsers do. A ruler comes out as the line "* * *". Linear in the
    length. Raises DocumentError where there is no markup at all or it is nested without end.
    """
    body = _DECLARATION.sub("", text, count=1)
    parser = html.HTMLParser(huge_tree=True, no_network=True)
    try:
        root = html.document_fromstring(body, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise DocumentError(
            "not_a_document", "The page holds no text. Choose a page that has a text in it."
        ) from error
    # libxml2 drops what lies too deep and only its log says so; a text must not end half-way.
    if any("depth" in entry.message for entry in parser.error_log):
        raise DocumentError(
            "damaged_document",
            "The page nests its elements thousands deep. Open it in a browser and save it as text.",
        )
    return _Page().lines(root)


class _Page:
    """Collects the words between block boundaries."""

    def __init__(self) -> None:
        self._found: list[Line] = []
        self._words: list[str] = []
        self._heading = self._unread = self._verbatim = 0

    def lines(self, root: html.HtmlElement) -> list[Line]:
        for event, node in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
            if event == "start":
                self._open(str(node.tag))
                self._say(node.text)
            elif event == "end":
                self._close(str(node.tag))
                self._say(node.tail)
            else:
                self._say(node.tail)
        self._flush()
        return self._found

    def _open(self, tag: str) -> None:
        self._unread += tag in _UNREAD
        if tag in _BLOCKS:
            self._flush()
        if tag == "br":
            self._words.append("\x00")
        elif tag == "hr":
            self._found.append(Line("* * *"))
        self._heading += tag in _HEADINGS
        self._verbatim += tag == "pre"

    def _close(self, tag: str) -> None:
        if tag in _BLOCKS:
            self._flush()
        self._unread -= tag in _UNREAD
        self._heading -= tag in _HEADINGS
        self._verbatim -= tag == "pre"

    def _say(self, words: str | None) -> None:
        if words and not self._unread:
            self._words.append(words.replace("\n", "\x00") if self._verbatim else words)

    def _flush(self) -> None:
        said = "".join(self._words)
        self._words.clear()
        for part in said.split("\x00"):
            text = _SPACE.sub(" ", _WRAPPED.sub("", part)).strip(" \u3000")
            if text:
                self._found.append(Line(text, self._heading > 0))
