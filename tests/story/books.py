"""Books as authors have them: packed as epub, as a Word document."""

from __future__ import annotations

import io
import zipfile

import docx

CONTAINER = (
    '<?xml version="1.0"?><container xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
    '<rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
)
PAGE = (
    '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml">'
    "<head><title>不读</title><style>p{{}}</style></head><body>{}</body></html>"
)


def pack(parts: dict[str, bytes | str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def epub(
    pages: dict[str, str], *, title: str = " 雪夜 来信 ", spine: str = "",
    more: dict[str, str] | None = None,
) -> bytes:  # fmt: skip
    """A book whose manifest lists the pages backwards, so that only the spine gives the order."""
    contents = ' properties="nav"'
    items = "".join(
        f'<item id="i{at}" href="{name}" media-type="application/xhtml+xml"'
        f"{contents if 'nav' in name else ''}/>"
        for at, name in reversed(list(enumerate(pages)))
    )
    order = spine or "".join(f'<itemref idref="i{at}"/>' for at in range(len(pages)))
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf"><metadata '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>'
        f"{title}</dc:title></metadata>"
        f"<manifest>{items}</manifest><spine>{order}</spine></package>"
    )
    return pack(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": CONTAINER,
            "OEBPS/book.opf": package,
            **{f"OEBPS/{name}": PAGE.format(body) for name, body in pages.items()},
            **(more or {}),
        }
    )


def word(parts: list[tuple[str, str]]) -> bytes:
    """A Word document of headings, each with its text; a blank line begins a paragraph."""
    document = docx.Document()
    for heading, text in parts:
        document.add_heading(heading, level=1)
        for paragraph in text.split("\n\n"):
            document.add_paragraph(paragraph)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()
