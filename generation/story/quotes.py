"""Where somebody's words stand: spans of direct speech in every style of quotation mark."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["Quote", "paragraphs", "quotes"]

_PAIRS = {"“": "”", "「": "」", "『": "』", "‘": "’", "〝": "〞", "«": "»"}
_CLOSERS = {close: opener for opener, close in _PAIRS.items()}
_EVENT = re.compile('[“”「」『』‘’〝〞«»"＂]')
_EVENT_WITH_SINGLE = re.compile("[“”「」『』‘’〝〞«»\"＂']")
_SINGLE_DIALOGUE = re.compile(r"(?:^|[\s(—-])'(?=[A-Z])", re.MULTILINE)
_DASH = re.compile(r"^[ \t\u3000]*(?:——?|–|- )[ \t]*(?=\S)", re.MULTILINE)
# Speech without marks: "操曰：…", "他说：…".
_UNMARKED = re.compile(
    r"(?:(?<=[。！？!?；;\n\s])|^)(?P<subject>[^。！？!?；;：:\n“”「」\"]{0,24}?)"
    r"(?:曰|道|说|问|答|云|言|叫|喊|骂|笑|喝|奏|叹|吟)(?:道|着|了|曰)?[：:](?=[^\n“「『\"‘])"
)
_FINAL = re.compile(r"[。！？!?…；;—~～-]$")
_UNMARKED_LIMIT = 600
_REACH = 6_000


@dataclass(frozen=True, slots=True)
class Quote:
    """[start, end) with its marks. `spoken` is False for a title or a word set off in marks."""

    start: int
    end: int
    spoken: bool = True
    continued: bool = False
    style: str = "marks"


def paragraphs(text: str, start: int, end: int, wrapped: bool) -> list[tuple[int, int]]:
    """[start, end) of each paragraph with text in it; `wrapped`: only blank lines part them."""
    pattern = r"\n[ \t]*\n\s*" if wrapped else r"\n\s*"
    found: list[tuple[int, int]] = []
    at = start
    for match in re.compile(pattern).finditer(text, start, end):
        if match.start() > at:
            found.append((at, match.start()))
        at = match.end()
    if at < end:
        found.append((at, end))
    return found


def quotes(text: str, start: int, end: int, *, wrapped: bool = False) -> list[Quote]:
    """Direct speech in [start, end), in order and not overlapping; linear in its length.

    Outermost marks count, inner ones belong to them. A quote that is never closed ends with its
    paragraph. Where a chapter has no marks at all, dashes at paragraph starts, then "X曰：" do.
    """
    body = text[start:end]
    singles = body.count("'") > 3 and body.count('"') + body.count("‘") + body.count("“") < 3
    singles = singles and len(_SINGLE_DIALOGUE.findall(body)) >= 2
    found = _marked(body, singles, "\n\n" if wrapped else "\n")
    if len(found) * 4_000 < len(body) or not found:
        found = found + _unmarked(body, found)
    return [
        Quote(q.start + start, q.end + start, q.spoken, q.continued, q.style)
        for q in sorted(found, key=lambda q: q.start)
    ]


def _events(body: str, singles: bool) -> list[tuple[int, str, bool]]:
    """(place, opening mark, whether it opens); straight marks are told apart by neighbours."""
    found: list[tuple[int, str, bool]] = []
    straight_open = False
    last_break = 0
    for match in (_EVENT_WITH_SINGLE if singles else _EVENT).finditer(body):
        at, mark = match.start(), match[0]
        before = body[at - 1] if at else "\n"
        after = body[at + 1] if at + 1 < len(body) else "\n"
        if mark in '"＂':
            if straight_open and "\n\n" in body[last_break:at].replace("\n\u3000", "\n\n"):
                straight_open = False
            if before in "：:" or (before == "\n" and after != "\n"):
                straight_open = False
            straight_open = not straight_open
            found.append((at, '"', straight_open))
            last_break = at
        elif mark == "'":
            if not before.isalnum() and after.isalnum() and before not in ".,!?":
                found.append((at, "'", True))
            elif before in ".,!?;:—-" and not after.isalnum():
                found.append((at, "'", False))
        elif mark == "’":
            if _is_apostrophe(body, at, before, after):
                continue
            found.append((at, "‘", False))
        elif mark in _PAIRS:
            found.append((at, mark, True))
        else:
            found.append((at, _CLOSERS[mark], False))
    return found


def _is_apostrophe(body: str, at: int, before: str, after: str) -> bool:
    """’ within or at the end of an English word; elsewhere it closes a quote."""
    if before.isspace() and after.isascii() and after.isalpha():
        return True
    if not before.isascii() or not before.isalpha():
        return False
    if after.isascii() and after.isalnum():
        return True
    return before == "s" or body[max(0, at - 2) : at].lower() in ("th", "an", " o", "in")


def _marked(body: str, singles: bool, paragraph_break: str) -> list[Quote]:
    events = _events(body, singles)
    found: list[Quote] = []
    index = 0
    while index < len(events):
        at, mark, opens = events[index]
        if not opens:
            index += 1
            continue
        close = index + 1
        while close < len(events) and events[close][1] != mark:
            close += 1
        closed = close < len(events) and (
            not events[close][2] or _closes_by_mistake(body, at, events[close][0])
        )
        if closed and events[close][0] - at <= _REACH:
            end = events[close][0] + 1
            found.append(Quote(at, end, _is_spoken(body, at, end)))
            index = close + 1
            continue
        stop = events[close][0] if close < len(events) else len(body)
        end = body.find(paragraph_break, at, stop)
        end = len(body[: end if end > 0 else stop].rstrip()) if end > 0 else stop
        if end - at > 1:
            goes_on = not closed and close < len(events)
            found.append(Quote(at, end, _is_spoken(body, at, end), goes_on))
        while index < len(events) and events[index][0] < max(end, at + 1):
            index += 1
    return found


def _closes_by_mistake(body: str, at: int, place: int) -> bool:
    """An opening mark right behind the end of a sentence, within a paragraph: 报仇。“苞泣谢而退。"""
    if body[place] not in _PAIRS or body[place - 1] not in "。！？…":
        return False
    return place - at > 1 and body.find("\n", at, place) < 0


def _is_spoken(body: str, start: int, end: int) -> bool:
    """Speech ends like a sentence, or stands after a colon; a set-off word does neither."""
    inner = body[start + 1 : end - 1].rstrip()
    before = body[max(0, start - 12) : start].rstrip()
    if not inner:
        return False
    if before[-1:] in ("：", ":") or _FINAL.search(inner) or inner[-1] in ".,，":
        return True
    if not before or before[-1] in "。！？!?\n”」』’" or body[start - 1] == "\n":
        return len(inner) > 1
    if before[-1] in "曰道说问答，,":
        return len(inner) > 8 or before[-1] in "曰道说"
    return len(inner) > 24


def _unmarked(body: str, marked: list[Quote]) -> list[Quote]:
    dashes = list(_DASH.finditer(body))
    if len(dashes) >= 3 and not marked:
        found = []
        for match in dashes:
            end = body.find("\n", match.end())
            found.append(Quote(match.start(), end if end >= 0 else len(body), style="dash"))
        return found
    taken = [(quote.start, quote.end) for quote in marked]
    cues = list(_UNMARKED.finditer(body))
    found = []
    for cue, following in zip(cues, [*cues[1:], None] if cues else [], strict=True):
        stop = following.start() if following else len(body)
        line = body.find("\n", cue.end(), stop)
        stop = line if line >= 0 else stop
        if stop - cue.end() > _UNMARKED_LIMIT:
            last = [
                m.end()
                for m in re.finditer("[。！？!?]", body[cue.end() : cue.end() + _UNMARKED_LIMIT])
            ]
            stop = cue.end() + (last[-1] if last else _UNMARKED_LIMIT)
        end = cue.end() + len(body[cue.end() : stop].rstrip())
        if end > cue.end() and not any(a < end and cue.end() < b for a, b in taken):
            found.append(Quote(cue.end(), end, style="none"))
    return found
