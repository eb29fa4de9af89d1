"""Plain dialogue: `Speaker: text` or `说话人：文本`, turns of any number of lines.

The difficulty is which colons begin a turn. A label is believed when it recurs or is a usual name
for an interview's parties; everything else with a colon is speech.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from crm.transcripts.clock import POSITION, TO, milliseconds
from crm.transcripts.furniture import end_of_speech, is_about, read_preamble, tail_from
from crm.transcripts.transcript import Reading, TranscriptError, Turn

_LABEL = re.compile(
    rf"^[ \t\u3000]*(?:[\[【(（]?(?P<before>{POSITION})(?:{TO}(?P<until>{POSITION}))?[\]】)）]?"
    r"[ \t\u3000]+(?:[-–—][ \t\u3000]+)?)?"
    r"(?:\*\*|__)?[\[【]?(?P<speaker>[^\s:：，。！？；,!?;|/\\“”\"'‘’(（\[\]【】][^:：，。！？；,!?;|/\\“”\"\[\]【】\n]{0,39}?)[\]】]?(?:\*\*|__)?"
    rf"[ \t\u3000]*(?:[(（\[]?(?P<after>{POSITION})[)）\]]?)?[ \t\u3000]*"
    r"(?P<colon>:(?!//)|：)(?:\*\*|__)?[ \t\u3000]?(?P<text>.*)$"
)
_TIME_ONLY = re.compile(rf"^\s*[\[(（]?({POSITION})[\])）]?\s*$")
ROLES = re.compile(
    r"^(?:(?:说话人|發言人|发言人|讲话人|講者|嘉宾|speaker|participant|受访者|被访者|访谈者|采访者|创作者|用户)"
    r"\s*[A-Za-z]?\d{0,3}[一二三四五六七八九十]?"
    r"|assistant|ai|user|human|system|interviewer|interviewee|moderator|host|guest|respondent"
    r"|主持人?|记者|採訪者|受訪者|访谈人|访员|提问者?|回答者?|问|答|問|[QA]\d{0,3})$",
    re.IGNORECASE,
)
# Words that stand before a colon inside an answer, again and again.
_NOT_NAMES = re.compile(
    r"^(?:第.{1,3}[步点条个章节种类项话集回]|步骤.{0,3}|[（(]?[\d一二三四五六七八九十]+[)）.、]?|[-*•·].*"
    r"|注意?|备注|附注|例如|比如|譬如|例子|总结|结论|结果|原因|优点|缺点|好处|坏处|问题|答案|标题|题目"
    r"|时间|地点|日期|价格|链接|网址|首先|其次|最后|然后|另外|补充|提示|提示词|要求|背景|目标|方法"
    r"|关键词|關鍵詞|关键字|摘要|全文摘要|纪要|智能纪要|会议纪要|智能总结|待办|待办事项|章节|章节速览|议程|主题"
    r"|会议主题|会议时间|会议地点|参会人|参会人员|主持|录制时间|时长"
    r"|keywords?|action items?|agenda|attendees|participants|duration|dialogue|comment|format|style"
    r"|note|notes|example|e\.g\.?|i\.e\.?|p\.?s\.?|https?|ftp|step \d+|pros|cons|summary|update|edit"
    r"|warning|tip|tldr|tl;dr|first|second|third|finally|also|title|date|time|link|url|prompt)$",
    re.IGNORECASE,
)
# Pictures that people put behind their pen names.
_SIGNS = r"[ \u200d\u2600-\u27bf\ufe0f\U0001f000-\U0001faff]{0,8}"
# A Chinese name or form of address is short and holds no grammar; a Latin one is capitalised.
_NAME_LIKE = re.compile(
    r"^(?!.*[的是了这那我你他她它们有在不就也都和说要会可以吗呢吧么样])[\u3400-\u9fff\U00020000-\U0003ffff·]{1,4}"
    rf"(?:[（(][^（(）)]{{1,12}}[）)])?{_SIGNS}$"
    rf"|^[A-Z\u00c0-\u00de][\w.'’-]*(?: [A-Z\u00c0-\u00de][\w.'’-]*){{0,2}}{_SIGNS}$"
)
_MAX_WORDS = 5
HEAD_LENGTH = 120


@dataclass(frozen=True)
class Labelled:
    """A line that could begin a turn. `index` counts lines from 0."""

    index: int
    speaker: str
    text: str
    start_ms: int | None
    end_ms: int | None
    after_blank: bool


def candidates(lines: Sequence[str]) -> list[Labelled]:
    """Every line that has the shape of a turn's beginning, believed or not."""
    found = []
    after_blank = True
    for index, line in enumerate(lines):
        # A label ends early in its line; looking no further keeps the time linear in the file.
        head = line[:HEAD_LENGTH]
        match = _LABEL.match(head) if ":" in head or "：" in head else None
        if match is not None:
            speaker = match["speaker"].strip()
            if _could_be_name(speaker, match):
                clock = match["before"] or match["after"]
                start = milliseconds(clock) if clock else None
                said = line[match.start("text") :]
                until = milliseconds(match["until"] or "")
                end = until if start is not None and until is not None and until >= start else None
                found.append(Labelled(index, speaker, said, start, end, after_blank))
        after_blank = not line.strip() or bool(_TIME_ONLY.match(line))
    return found


def _could_be_name(speaker: str, match: re.Match[str]) -> bool:
    if len(speaker.split()) > _MAX_WORDS or _NOT_NAMES.match(speaker) or is_about(speaker):
        return False
    # "见面约在10:30" is a clock time, "说话人1:30个人" is a speaker; "张三 00:00:01.234" is neither.
    clock = match["colon"] == ":" and match["text"][:1].isdigit()
    if clock and match["after"]:
        return False
    return not (clock and speaker[-1].isdigit()) or bool(ROLES.match(speaker))


def believed(lines: Sequence[str], found: Sequence[Labelled]) -> frozenset[str]:
    """The labels that are speakers.

    Labels that begin at least two turns, at the start of a block if the file keeps blocks; usual
    roles and names that begin one turn (beside two recurring speakers only after a blank line).
    Where nothing recurs, a file that opens with a label and has one on
    two lines in five is a short dialogue and all its labels count.
    """
    counts = Counter(item.speaker for item in found)
    roles = {speaker for speaker in counts if ROLES.match(speaker)}
    recurring = {speaker for speaker, count in counts.items() if count > 1}
    once = {s for s in counts if s not in recurring and (s in roles or _NAME_LIKE.match(s))}
    if recurring or roles:
        # One voice is no dialogue: somebody who speaks once must be answering it.
        alone = len(recurring) < 2
        recurring |= {i.speaker for i in found if i.speaker in once and (alone or i.after_blank)}
    spaced = [item.after_blank for item in found if item.speaker in recurring]
    if spaced and sum(spaced) >= 0.9 * len(spaced) and len(spaced) > 2:
        blocks = Counter(item.speaker for item in found if item.after_blank)
        recurring = {s for s in recurring if blocks[s] > 1 or (s in once and blocks[s])}
    if recurring:
        return frozenset(recurring)
    filled = sum(1 for line in lines if line.strip())
    opens = bool(found) and not any(line.strip() for line in lines[: found[0].index])
    if opens and len(found) >= 0.4 * filled:
        return frozenset(counts)
    return frozenset()


def read_plain(text: str) -> Reading:
    """Turns of a plain dialogue. Raises TranscriptError `no_speakers` where no label is found."""
    lines = text.split("\n")
    end = end_of_speech(lines)
    found = candidates(lines[:end])
    speakers = believed(lines[:end], found)
    starts = [item for item in found if item.speaker in speakers]
    if not starts:
        raise TranscriptError(
            "no_speakers",
            "No line begins with a speaker and a colon (`张三：…` or `Ann: …`). Put the "
            "speaker before each turn, or choose another format.",
            1,
        )
    end = tail_from(lines, starts[-1].index + 1, end)
    head = ["" if _TIME_ONLY.match(line) else line for line in lines[: starts[0].index]]
    preamble = read_preamble(head)
    return Reading(
        turns(lines, starts, end),
        rejected=preamble.unplaced,
        title=preamble.title,
        recorded_at=preamble.recorded_at,
    )


def turns(lines: Sequence[str], starts: Sequence[Labelled], end: int) -> tuple[Turn, ...]:
    """Join each beginning with the lines up to the next one; lone clock times set its start."""
    result = []
    for position, item in enumerate(starts):
        stop = starts[position + 1].index if position + 1 < len(starts) else end
        body = [item.text, *lines[item.index + 1 : stop]]
        while len(body) > 1 and (not body[-1].strip() or _TIME_ONLY.match(body[-1])):
            body.pop()
        start = item.start_ms
        if start is None:
            start = _clock_above(lines, item.index)
        result.append(
            Turn(item.speaker, "\n".join(body).strip(), item.index + 1, start, item.end_ms)
        )
    return tuple(result)


def _clock_above(lines: Sequence[str], index: int) -> int | None:
    """A time alone on the nearest filled line above the turn (Google Docs transcripts)."""
    for line in reversed(lines[max(0, index - 2) : index]):
        if line.strip():
            match = _TIME_ONLY.match(line)
            return milliseconds(match.group(1)) if match else None
    return None
