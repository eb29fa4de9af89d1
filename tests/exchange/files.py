"""Project files as other programs write them, built in memory."""

import io
import zipfile
from collections.abc import Mapping

PROJECT = "urn:QDA-XML:project:1.0"
ANA = "11111111-1111-4111-8111-111111111111"
BEN = "22222222-2222-4222-8222-222222222222"
DRIFT = "33333333-3333-4333-8333-333333333333"
SWAP = "44444444-4444-4444-8444-444444444444"
TALK = "55555555-5555-4555-8555-555555555555"
PASSAGE = "66666666-6666-4666-8666-666666666666"

USERS = f'<Users><User guid="{ANA}" name="Ana"/><User guid="{BEN}" name="Ben"/></Users>'
CODES = f"""<CodeBook><Codes>
  <Code guid="{DRIFT}" name="Faces drift" isCodable="true" color="#FA3">
    <Description>From shot to shot</Description>
    <Code guid="{SWAP}" name="Faces swap" isCodable="true"/>
  </Code></Codes></CodeBook>"""


def qdpx(
    inside: str,
    files: Mapping[str, bytes] | None = None,
    *,
    origin: str = "Some QDA 1.0",
    document: str = "project.qde",
    namespace: str = PROJECT,
    head: str = "",
) -> bytes:
    """An archive with the given children of <Project> and other parts."""
    xml = (
        f'<?xml version="1.0" encoding="utf-8"?>{head}'
        f'<Project xmlns="{namespace}" name="Studio talks" origin="{origin}">{inside}</Project>'
    )
    return archive({document: xml.encode(), **(files or {})})


def archive(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in files.items():
            target.writestr(name, data)
    return buffer.getvalue()


def talk(
    selections: str = "", *, path: str = f"internal://{TALK}.txt", extra: str = "", more: str = ""
) -> str:
    """A <Sources> of one text."""
    return (
        f'<Sources><TextSource guid="{TALK}" name="Lin" plainTextPath="{path}" {extra}>'
        f"{selections}</TextSource>{more}</Sources>"
    )


def passage(start: int, end: int, *, name: str = "", user: str = ANA, code: str = SWAP) -> str:
    return (
        f'<PlainTextSelection guid="{PASSAGE[:-6]}{start:03d}{end:03d}" name="{name}" '
        f'startPosition="{start}" endPosition="{end}" creatingUser="{user}">'
        f'<Coding guid="{PASSAGE[:-7]}1{start:03d}{end:03d}" creatingUser="{user}">'
        f'<CodeRef targetGUID="{code}"/></Coding></PlainTextSelection>'
    )
