"""Cells of a list to values: numbers as people write them (186万, 1.2w, 3k), tiers, days."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation

LONGEST = {
    "name": 80,
    "handle": 120,
    "platform": 60,
    "contact": 500,
    "city": 60,
    "payer_name": 160,
    "note": 5_000,
}
MOST_FOLLOWERS = 2_000_000_000
MOST_INCOME = 10**13  # fen
_TIMES = {
    "": 1, "k": 1_000, "千": 1_000, "w": 10_000, "万": 10_000, "m": 1_000_000, "百万": 1_000_000,
    "亿": 100_000_000,
}  # fmt: skip
_NUMBER = re.compile(r"(\d[\d,]*(?:\.\d+)?|\.\d+)(百万|[kw千万m亿])?")
_TIERS = {
    "head": ("head", "头部", "头", "top", "s", "s级", "大v", "头部创作者"),
    "mid": ("mid", "middle", "腰部", "腰", "中腰部", "a", "a级", "中部", "腰部创作者"),
    "entry": ("entry", "入门", "尾部", "长尾", "素人", "新人", "新手", "初级", "b", "b级", "tail",
              "longtail", "入门创作者"),
}  # fmt: skip
_STATUSES = {
    "lead": ("lead", "prospect", "潜在", "线索", "待联系", "未联系"),
    "active": ("active", "活跃", "在研", "合作中", "正常", "已联系"),
    "paused": ("paused", "暂停", "暂缓", "停更"),
    "left": ("left", "离开", "流失", "退出"),
}
_LANGUAGES = {
    "zh-hans": ("zh", "zh-hans", "zh-cn", "中文", "简体中文", "汉语", "普通话", "chinese"),
    "en": ("en", "english", "英文", "英语"),
}
# How people write that there is nothing to write.
NOTHING = frozenset(
    {
        "-",
        "--",
        "—",
        "——",
        "/",
        "\\",
        "无",
        "暂无",
        "未知",
        "不详",
        "n/a",
        "na",
        "none",
        "null",
        "nil",
    }
)
_ERRORS = re.compile(r"#(?:N/A|REF!|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|SPILL!|CALC!)", re.IGNORECASE)
_SHORTENED = re.compile(r"\d(?:\.\d+)?e\+\d+", re.IGNORECASE)
_EPOCH = date(1899, 12, 30)  # of the serial numbers that Excel keeps days as
_DAYS = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d")


class CellError(ValueError):
    """A cell that is no value of its field; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def value_of(field: str, cell: str) -> object:
    """The cell as its field keeps it. Raises CellError."""
    if _ERRORS.fullmatch(cell.strip()) or (cell.startswith("=") and field != "note"):
        raise CellError("a_formula")
    return _READERS.get(field, _text)(field, cell)


def _text(field: str, cell: str) -> str:
    plain = cell if field == "note" else " ".join(cell.split())
    if field in {"handle", "contact"} and _SHORTENED.fullmatch(plain):
        raise CellError("digits_lost")
    if "\x00" in plain or "\ufffd" in plain:  # the second stands for bytes that were no text
        raise CellError("not_text")
    if len(plain) > LONGEST[field]:
        raise CellError("too_long")
    return plain


def _followers(_field: str, cell: str) -> int:
    found = _number(cell)
    if found != found.to_integral_value() or found > MOST_FOLLOWERS:
        raise CellError("not_followers")
    return int(found)


def _income(_field: str, cell: str) -> int:
    fen = _number(cell) * 100
    if fen != fen.to_integral_value() or fen > MOST_INCOME:
        raise CellError("not_money")
    return int(fen)


def _number(cell: str) -> Decimal:
    plain = unicodedata.normalize("NFKC", cell).casefold().strip()
    plain = re.sub(r"^(约|rmb|cny|[¥$])\s*", "", plain)
    plain = re.sub(r"(人民币|rmb|cny|粉丝|粉|人|元|块)?\s*([/每]?(月|month))?$", "", plain)
    plain = plain.replace(" ", "").removesuffix("+")
    if re.search(r"\d[kw千万m亿]?\s*[-~—–至到]\s*\d", plain):
        raise CellError("a_range")
    match = _NUMBER.fullmatch(plain)
    if match is None or (
        "," in match[1] and not re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", match[1])
    ):
        raise CellError("not_a_number")
    try:
        return Decimal(match[1].replace(",", "")) * _TIMES[match[2] or ""]
    except InvalidOperation as error:
        raise CellError("not_a_number") from error


def _one_of(words: dict[str, tuple[str, ...]], code: str) -> Callable[[str, str], str]:
    known = {word: key for key, spellings in words.items() for word in spellings}

    def read(_field: str, cell: str) -> str:
        plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", cell).casefold())
        if plain not in known:
            raise CellError(code)
        return known[plain]

    return read


def _day(_field: str, cell: str) -> date:
    plain = unicodedata.normalize("NFKC", cell).strip()
    plain = re.sub(r"[ T]\d{1,2}:\d{2}(:\d{2})?$", "", plain)
    if re.fullmatch(r"\d{5}", plain):
        found = _EPOCH + timedelta(days=int(plain))
        if 1990 <= found.year <= 2100:
            return found
    for form in _DAYS:
        try:
            found = datetime.strptime(plain, form).date()  # noqa: DTZ007  a day has no zone
        except ValueError:
            continue
        if 1990 <= found.year <= 2100:
            return found
    raise CellError("not_a_day")


_READERS: dict[str, Callable[[str, str], object]] = {
    "followers": _followers,
    "income_minor": _income,
    "tier": _one_of(_TIERS, "not_a_tier"),
    "status": _one_of(_STATUSES, "not_a_status"),
    "language": _one_of(_LANGUAGES, "not_a_language"),
    "joined_on": _day,
}
