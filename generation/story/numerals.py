"""Numbers as headings write them: 一百零八, 一〇八, １０８, XIV, twenty-one."""

from __future__ import annotations

__all__ = ["ENGLISH_NUMBER", "NUMERAL", "number_of", "roman_of", "word_of"]

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {
    "〇": 0, "○": 0, "两": 2, "壹": 1, "贰": 2, "叁": 3, "肆": 4, "伍": 5, "陆": 6, "柒": 7,
    "捌": 8, "玖": 9, "廿": 20, "卅": 30, "—": 1,
}  # fmt: skip
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000, "万": 10_000}
# A dash is a 一 that was read wrongly: 第十—回.
NUMERAL = r"[零〇○一二三四五六七八九十百千万两廿卅壹贰叁肆伍陆柒捌玖拾佰仟0-9０-９—]{1,9}"
_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
_TENS = {
    word: (tens + 2) * 10
    for tens, word in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
    )
}
_TO_TWENTY = """one two three four five six seven eight nine ten eleven twelve thirteen fourteen
fifteen sixteen seventeen eighteen nineteen"""
_SMALL = {word: value + 1 for value, word in enumerate(_TO_TWENTY.split())}
_ORDER = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
_ORDINALS = {word: value + 1 for value, word in enumerate(_ORDER.split())}
_TEENS = "|".join([*_SMALL, *_ORDINALS, "last"])
ENGLISH_NUMBER = rf"(?:\d{{1,4}}|[ivxlcdm]{{1,9}}|(?:{'|'.join(_TENS)})(?:[- ](?:{'|'.join(list(_SMALL)[:9])}))?|{_TEENS})"


def number_of(numeral: str) -> int:
    """The value of a Chinese, full-width or Arabic numeral: 一百零八, 一〇八, １０８ → 108."""
    if numeral.isdigit() and not set(numeral) & set(_DIGITS):
        return int(numeral)
    if not set(numeral) & set(_UNITS) - {"万"} and "万" not in numeral:
        digits = [_DIGITS.get(c, int(c) if c.isdigit() else 0) for c in numeral]
        if len(digits) <= 1 or max(digits) < 10:
            return int("".join(map(str, digits))) if digits else 0
        return sum(digits)
    total = section = digit = 0
    for char in numeral:
        unit = _UNITS.get(char)
        if unit == 10_000:
            total = (total + section + digit) * unit
            section = digit = 0
        elif unit:
            section += (digit or 1) * unit
            digit = 0
        else:
            value = _DIGITS.get(char, int(char) if char.isdigit() else 0)
            section, digit = (section + value, 0) if value >= 10 else (section, value)
    return total + section + digit


def roman_of(numeral: str) -> int:
    """XIV → 14; 0 for anything that is no Roman numeral."""
    values = [_ROMAN.get(char, 0) for char in numeral.upper()]
    if not values or 0 in values:
        return 0
    return sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))


def word_of(words: str) -> int:
    """twenty-one → 21, third → 3; 0 for anything else."""
    parts = words.lower().replace("-", " ").split()
    if len(parts) == 2 and parts[0] in _TENS and parts[1] in _SMALL:
        return _TENS[parts[0]] + _SMALL[parts[1]]
    if len(parts) != 1:
        return 0
    return _TENS.get(parts[0]) or _SMALL.get(parts[0]) or _ORDINALS.get(parts[0]) or 0
