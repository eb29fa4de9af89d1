"""What recorders print around the speech: titles, dates, keyword lists, footers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from crm.transcripts.clock import date_in
from crm.transcripts.transcript import Rejected

_FOOTER = re.compile(
    r"^[\s\-—*_=·.。]*$"
    r"|[内內]容由\s*(?:AI|人工智能|人工智慧).{0,12}(?:生成|產生)"
    r"|(?:AI|人工智能|人工智慧)\s*(?:生成|產生).{0,8}(?:参考|參考|甄别|甄別)"
    r"|^transcribed by https?://"
    r"|^(?:meeting|transcription) ended\b"
    r"|transcript was computer generated"
    r"|^(?:本文|本文档|本文件|本记录|本記錄|以上(?:文字|转写|轉寫|内容|內容)).{0,20}"
    r"(?:生成|产生|產生|转写|轉寫|导出|匯出|提供)"
    r"|^\(?(?:由|来自|來自).{0,12}(?:讯飞听见|飞书妙记|腾讯会议|通义听悟).{0,12}\)?$",
    re.IGNORECASE,
)
_KEYWORDS = re.compile(
    r"^(?:关键词|關鍵詞|关键字|keywords?)\s*[:：]?\s*(?P<rest>.*)$", re.IGNORECASE
)
# What machines write about a recording, before it or after: a heading, then lines to the next blank.
_ABOUT = re.compile(
    r"^[【\[#*\s]*(?:关键词|關鍵詞|关键字|(?:AI|智能|全文|会议|内容)\s*(?:总结|纪要|摘要|概要|速览)|待办(?:事项)?|章节速览|发言总结|问答回顾"
    r"|keywords?|(?:AI |meeting |auto )?summary(?: keywords)?|action items?|chapters|next steps)"
    r"[】\]*\s]*(?:[:：].*)?$",
    re.IGNORECASE,
)
_FIELD = re.compile(
    r"^(?:会议|录制|录音|转写|纪要|文件|记录|创建|导出|参会|参与|主持|发言|开始|结束)?"
    r"(?:主题|名称|标题|时间|日期|时长|文件|人|人员|者|号|ID|地点|记录|语言|全文|内容|原文|文稿)"
    r"\s*(?:[:：].*)?$"
    r"|^(?:title|date|time|duration|attendees|participants|speakers|transcript|summary|location|host)"
    r"\s*(?:[:：].*)?$",
    re.IGNORECASE,
)
_TITLE_FIELD = re.compile(
    r"^(?:(?:会议|录制|录音|文件|记录)?(?:主题|名称|标题)|title)\s*[:：]\s*(?P<title>.+)$",
    re.IGNORECASE,
)
_DURATION = re.compile(r"\d+\s*(?:小时|分钟|分|秒|min|sec|hour)", re.IGNORECASE)
# Nothing recorders print before the speech is as long as a sentence someone said.
_TITLE_LENGTH = 80
_FOOTER_LENGTH = 200


@dataclass(frozen=True)
class Preamble:
    """Lines before the first turn, sorted into what they are."""

    title: str = ""
    recorded_at: datetime | None = None
    unplaced: tuple[Rejected, ...] = ()


def is_footer(line: str) -> bool:
    """Whether a line at the end of a file is the recorder's own, not speech (blank counts)."""
    stripped = line.strip()
    return not stripped or (len(stripped) <= _FOOTER_LENGTH and bool(_FOOTER.search(stripped)))


def is_keywords(line: str) -> bool:
    """Whether the line opens a keyword list (`关键词:`)."""
    return bool(_KEYWORDS.match(line.strip()[:_FOOTER_LENGTH]))


def is_about(line: str) -> bool:
    """Whether the line is a heading over what a machine wrote about the recording."""
    return bool(_ABOUT.match(line.strip()[:_FOOTER_LENGTH]))


def end_of_speech(lines: Sequence[str]) -> int:
    """Index after the last line that is not footer; footers count only at the end."""
    end = len(lines)
    while end and is_footer(lines[end - 1]):
        end -= 1
    return end


def tail_from(lines: Sequence[str], start: int, end: int) -> int:
    """Where in lines[start:end] what a machine wrote about the recording begins; `end` if nowhere.

    It follows the last turn's words and a blank line, under a heading of its own.
    """
    for index in range(start + 1, end):
        if not lines[index - 1].strip() and is_about(lines[index]):
            while index > start and is_footer(lines[index - 1]):
                index -= 1
            return index
    return end


def read_preamble(lines: Sequence[str]) -> Preamble:
    """Sort the lines before the first turn; what is neither title nor metadata is named."""
    title = ""
    recorded_at: datetime | None = None
    unplaced: list[Rejected] = []
    in_keywords = in_summary = False
    for number, raw in enumerate(lines, 1):
        line = raw.strip()
        if not line or is_footer(line):
            in_summary = in_summary and bool(line)
            continue
        if in_keywords or (in_summary and not _ABOUT.match(line)):
            in_keywords = False
            continue
        named = _TITLE_FIELD.match(line)
        keywords = _KEYWORDS.match(line)
        date = date_in(line[:_FOOTER_LENGTH])
        in_summary = bool(_ABOUT.match(line))
        if keywords is not None:
            in_keywords, in_summary = not keywords["rest"].strip(), False
        elif in_summary:
            continue
        elif named is not None:
            title = title or named["title"].strip()
        elif date is not None and len(line) <= _TITLE_LENGTH:
            recorded_at = recorded_at or date
            if not title and number == 1 and not _is_only_date(line):
                title = line
        elif _FIELD.match(line) or _DURATION.fullmatch(line.replace(" ", "")):
            continue
        elif not title and len(line) <= _TITLE_LENGTH:
            title = line
        else:
            unplaced.append(
                Rejected(
                    number,
                    "This line stands before the first speaker and belongs to no turn.",
                    "before_first_speaker",
                )
            )
    return Preamble(title, recorded_at, tuple(unplaced))


def _is_only_date(line: str) -> bool:
    rest = re.sub(
        r"[\d年月日时分秒小时分钟:：/.\-\s|,，上下午晚星期周一二三四五六()（）TZ]+"
        r"|\b(?:CST|UTC|GMT)\b|(?<=\d)[hms]",
        "",
        line,
    )
    return rest.lower() in {"", "am", "pm"}
