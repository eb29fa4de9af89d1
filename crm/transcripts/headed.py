"""Transcripts whose turns start with a line naming speaker and time.

| format | header | where the words stand |
| --- | --- | --- |
| `iflytek` 讯飞听见 | `说话人1 00:00` | following lines |
| `feishu` 飞书妙记 | `张三 00:00:01.234 ` | following lines |
| `tencent` 腾讯会议 | `张三(00:00:01): 内容` | same line, sometimes the next |
| `otter` Otter | `Ann Lee  0:15  ` | following lines |
| `meet` Google Meet, 通义听悟 | `张三 (10:02)`, `张三 [10:02]` | following lines |
| `clock` several recorders | `00:00:01 张三` | following lines |

A time may be a range (`00:00:01-00:00:09`): then the turn has an end. A name may begin with a tag of
its own (`[外部] 张三`); where the time leaves no doubt it may also hold a colon (`作者：张三`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from crm.transcripts.clock import POSITION, TO, milliseconds
from crm.transcripts.furniture import end_of_speech, read_preamble, tail_from
from crm.transcripts.transcript import Reading, TranscriptError, Turn

# A name carries no sentence punctuation; without this rule "好的，10:30" would be a speaker.
_TAG = r"(?:[\[【(（][^\s\d:：\[\]【】()（）][^\n:：\[\]【】()（）]{0,11}[\]】)）][ \u3000]?)?"
_FIRST = r"[^\s，。！？；、,!?;:：|\[\]【】“”\"(（]"
_NAME = rf"(?P<speaker>{_TAG}{_FIRST}[^，。！？；!?;:：|\[\]【】“”\"\n]{{0,39}}?)"
# A time to the millisecond, or one in brackets before a colon, leaves less doubt.
_TITLED = (
    rf"(?P<speaker>(?!\d+:\d){_TAG}{_FIRST}[^，。！？；!?;|\[\]【】“”\"<>\n]{{0,39}}?(?<![:：\s]))"
)
_UNTIL = rf"(?:{TO}(?P<until>{POSITION}))?"
HEADERS: dict[str, re.Pattern[str]] = {
    "iflytek": re.compile(
        rf"^\s*{_NAME}[\s\u3000]+(?P<time>\d{{2,3}}:\d{{2}}(?::\d{{2}})?){_UNTIL}\s*$"
    ),
    "feishu": re.compile(
        rf"^\s*{_TITLED}[\s\u3000]+(?P<time>\d{{1,3}}:\d{{2}}:\d{{2}}[.,]\d{{1,3}}){_UNTIL}\s*$"
    ),
    "tencent": re.compile(
        rf"^\s*{_TITLED}[\s\u3000]*[(（]\s*(?P<time>{POSITION}){_UNTIL}\s*[)）]\s*[:：][ \t\u3000]*(?P<text>.*)$"
    ),
    "otter": re.compile(rf"^\s*{_NAME}(?:[ \u3000]{{2,}}|\t+)(?P<time>{POSITION}){_UNTIL}\s*$"),
    "meet": re.compile(
        rf"^\s*{_NAME}[\s\u3000]*[(（\[【]\s*(?P<time>{POSITION}){_UNTIL}\s*[)）\]】]\s*$"
    ),
    "clock": re.compile(
        rf"^\s*[\[【(（]?(?P<time>{POSITION}){_UNTIL}[\])）】]?[\s\u3000]+{_NAME}[\s\u3000]*[:：]?\s*$"
    ),
}


# Longer than any name with its time; looking no further keeps the time linear in the file.
_HEAD_LENGTH = 120


def match_header(pattern: re.Pattern[str], line: str) -> re.Match[str] | None:
    """The header at the start of a line. Only the `text` group may go on beyond the match."""
    whole = len(line) <= _HEAD_LENGTH
    if ":" not in line[:_HEAD_LENGTH] or not (whole or "text" in pattern.groupindex):
        return None
    return pattern.match(line if whole else line[:_HEAD_LENGTH])


@dataclass(frozen=True)
class _Header:
    index: int
    speaker: str
    start_ms: int
    end_ms: int | None
    text: str
    after_blank: bool


def read_headed(text: str, format: str) -> Reading:
    """Turns of one of `HEADERS`. Raises TranscriptError `no_utterances` where none is found."""
    lines = text.split("\n")
    end = end_of_speech(lines)
    headers = _confirmed(_candidates(lines[:end], format))
    if not headers:
        raise TranscriptError(
            "no_utterances",
            "No line names a speaker and a time. Choose another format, or export the "
            "transcript again with speakers and timestamps.",
            1,
        )
    end = tail_from(lines, headers[-1].index + 1, end)
    preamble = read_preamble(lines[: headers[0].index])
    turns = []
    for position, header in enumerate(headers):
        stop = headers[position + 1].index if position + 1 < len(headers) else end
        body = "\n".join([header.text, *lines[header.index + 1 : stop]])
        turns.append(
            Turn(header.speaker, _tidy(body), header.index + 1, header.start_ms, header.end_ms)
        )
    return Reading(
        tuple(turns),
        rejected=preamble.unplaced,
        title=preamble.title,
        recorded_at=preamble.recorded_at,
    )


def _candidates(lines: Sequence[str], format: str) -> list[_Header]:
    pattern = HEADERS[format]
    found = []
    after_blank = True
    for index, line in enumerate(lines):
        match = match_header(pattern, line)
        start = milliseconds(match["time"]) if match is not None else None
        if match is not None and start is not None:
            said = line[match.start("text") :] if "text" in match.groupdict() else ""
            until = milliseconds(match["until"] or "")
            ends = until if until is not None and until >= start else None
            found.append(_Header(index, match["speaker"].strip(), start, ends, said, after_blank))
        after_blank = not line.strip()
    return found


def _confirmed(headers: Sequence[_Header]) -> list[_Header]:
    """Headers that are not speech which merely ends in a clock time.

    A name that speaks once, and then stands out of the order of time or inside a paragraph while
    the file separates its turns by blank lines, is speech ("就定在 10:30").
    """
    spoken = Counter(header.speaker for header in headers)
    spaced = [header.after_blank for header in headers if spoken[header.speaker] > 1]
    separated = bool(spaced) and sum(spaced) >= 0.9 * len(spaced)
    confirmed: list[_Header] = []
    for position, header in enumerate(headers):
        if spoken[header.speaker] == 1 and len(headers) > 2:
            before = confirmed[-1].start_ms if confirmed else 0
            later = [item.start_ms for item in headers[position + 1 :] if spoken[item.speaker] > 1]
            ordered = before <= header.start_ms and (not later or header.start_ms <= later[0])
            if not ordered or (separated and not header.after_blank):
                continue
        confirmed.append(header)
    return confirmed


def _tidy(body: str) -> str:
    """Paragraphs of one turn: outer blank lines and line-end blanks go, inner breaks stay."""
    return "\n".join(line.rstrip() for line in body.split("\n")).strip()
