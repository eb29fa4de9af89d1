"""XML as strangers write it: no entities, no DTD, no network; names without their namespace."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator

from lxml import etree

from insights.exchange.errors import ExchangeError

NAMESPACE = uuid.UUID("b1e3b8f4-6f0d-4c7e-9a55-2f4f6f3f4c11")
_GUID = re.compile(r"^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$")
_COLOUR = re.compile(r"^#?([0-9a-fA-F]{6}|[0-9a-fA-F]{3})$")
# XML 1.0 knows no other characters; a memo of an export must not break the file.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def parse(data: bytes) -> etree._Element:
    """The root element. Raises `ExchangeError`: not_xml, too_deep, doctype."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False,
        huge_tree=False, remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(data.lstrip(b"\xef\xbb\xbf \t\r\n"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        if "depth" in str(error):
            raise ExchangeError("too_deep") from error
        raise ExchangeError("not_xml", detail=str(error)) from error
    if root.getroottree().docinfo.doctype:
        raise ExchangeError("doctype")
    return root


def local(element: etree._Element) -> str:
    """`TextSource` for `{urn:QDA-XML:project:1.0}TextSource`, whatever the namespace."""
    return str(element.tag).rpartition("}")[2]


def children(element: etree._Element | None, *names: str) -> Iterator[etree._Element]:
    """Child elements with one of the local names; of nothing, none."""
    if element is None:
        return
    for child in element:
        if isinstance(child.tag, str) and local(child) in names:
            yield child


def child(element: etree._Element | None, name: str) -> etree._Element | None:
    return next(children(element, name), None)


def text_of(element: etree._Element | None, name: str) -> str:
    """The text inside a child element, "" where there is none."""
    found = child(element, name)
    return "" if found is None else "".join(str(part) for part in found.itertext())


def guid(text: str | None, *fallback: str) -> str:
    """A GUID in one spelling: lower case, no braces. What is no GUID becomes one by its text.

    Without a text it comes from `fallback`, so that the same file gives the same ids again.
    """
    plain = (text or "").strip().strip("{}").lower()
    if _GUID.match(plain):
        return str(uuid.UUID(plain))
    return str(uuid.uuid5(NAMESPACE, plain or "\n".join(fallback)))


def named_guid(*parts: str) -> str:
    """The same id for the same words, for rows that need one only inside a file."""
    return str(uuid.uuid5(NAMESPACE, "\n".join(parts)))


def colour(text: str | None) -> str:
    """`#rrggbb` in lower case, "" for anything that is no colour."""
    found = _COLOUR.match((text or "").strip())
    if not found:
        return ""
    digits = found.group(1).lower()
    return f"#{digits}" if len(digits) == 6 else "#" + "".join(digit * 2 for digit in digits)


def number(text: str | None) -> int | None:
    try:
        return int(float(text)) if text else None
    except (ValueError, OverflowError):
        return None


def clean(text: str) -> str:
    """The text with U+FFFD for each character that XML cannot carry."""
    return _FORBIDDEN.sub("\ufffd", text)
