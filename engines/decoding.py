"""Bytes of unknown origin to text, with every repair listed.

Order of evidence: byte order mark, magic numbers of files that are not text, strict UTF-8,
NUL patterns of UTF-16, then a score of how ordinary the decoded sample looks (share of frequent
characters, after the idea of Li and Momoi, "A composite approach to language/encoding detection",
2001). Every step is linear in the input.
"""

from __future__ import annotations

import codecs
import threading
from dataclasses import dataclass
from itertools import pairwise

__all__ = ["Decoded", "Repair", "UndecodableError", "decode"]

SAMPLE_BYTES = 60_000
# Below this the shape of the bytes proves nothing: the likeliest reading wins.
SHORT_BYTES = 64

# The most frequent characters of modern and classical prose, simplified then traditional; an
# encoding read wrongly almost never lands on them.
_SIMPLIFIED = (
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之"
    "年过发后作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样"
    "理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将"
    "两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信"
    "表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔"
    "更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统"
    "区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品"
    "住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运笑飞风步改收根"
    "干造言联持组每济车亲极林服快办议往元英士证近失转夫令准布始怎呢存未远叫台单影具罗字爱击流"
    "备兵连调深商算质团集百需价花党华城石级整府离况亚请技际约示复病息究线似官火断精满支视消越"
    "器容照须九增研写称企八功吗包片史委乎查轻易早曾除农找装广显吧阿李标谈吃图念六引历首医局突"
    "专费号尽另周较注语仅考落青随选列武红响虽推势参希古众构房半节土投某案黑维革划敌致陈律足态"
    "护七兴派孩验责营星够章音跟志底站严巴例防族供效续施留讲型料终答紧黄绝奇察母京段依批群项故"
    "按河米围江织害斗双境客纪采举杀攻父苏密低朝友诉止细愿千值仍男钱破网热助倒育属坐帝限船脸职"
    "速刻乐否刚威毛状率甚独球般普怕弹校苦创曹刘备操孔孙权云兄弟爷娘臣贼主僧猴妖怪哥姐妹"
)
_TRADITIONAL = (
    "這個們來為國說時會對種後裡裏發經麼學現當沒動還進樣開從實軍無與長機關點業將兩間問並應戰頭"
    "體見產話門員東聲論處義幾認條氣題爾別變總電數報結務場計資許統區隊決馬書則聽達強難權萬類據"
    "邊張該規術領確傳師觀讓識帶導爭運飛風聯組濟車親極辦議證轉夫單遠羅愛擊備連調質團價黨華級離"
    "況亞請際約復線斷滿視須寫稱輕農裝廣顯標談圖歷醫專費號盡較語僅隨選紅響雖勢眾構節劃敵陳態護"
    "興驗責營夠嚴續講終緊黃絕項圍織鬥雙紀採舉殺蘇訴細願錢網熱屬職樂剛狀獨彈創劉孫雲爺賊兒歲滅"
    "嗎啊呀臉聞幹舊絲塵靜劍龍鳳鳥魚雞貓餘過給著嘆驚憐憶懷戀夢銀鐵燈燒靈"
)
_PUNCTUATION = "，。！？：；、“”‘’「」『』（）《》〈〉—…　·～【】"
_COMMON = frozenset(_SIMPLIFIED + _TRADITIONAL + _PUNCTUATION)

# What Windows-1252 prose has above ASCII: curly quotes, dashes, ellipsis, accented letters.
_WESTERN = frozenset(
    b"\x85\x91\x92\x93\x94\x96\x97\xa0\xa3\xa9\xab\xb0\xbb\xbf" + bytes(range(0xC0, 0x100))
)

_MAGIC: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF", "a PDF document", "export it as txt, docx or epub first"),
    (b"PK\x03\x04", "a zip archive (zip, docx, epub, xlsx)", "open it by its own reader or unpack"),
    (b"PK\x05\x06", "an empty zip archive", "choose a file that has a text in it"),
    (b"\x89PNG", "a PNG image", "choose a text file"),
    (b"\xff\xd8\xff", "a JPEG image", "choose a text file"),
    (b"GIF8", "a GIF image", "choose a text file"),
    (b"BM\x00", "a BMP image", "choose a text file"),
    (b"Rar!\x1a", "a RAR archive", "unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", "unpack it first"),
    (b"\x1f\x8b", "a gzip file", "unpack it first"),
    (b"BZh", "a bzip2 file", "unpack it first"),
    (b"\xfd7zXZ", "an xz file", "unpack it first"),
    (b"\xd0\xcf\x11\xe0", "an old Word or Excel file", "save it as docx or txt first"),
    (b"{\\rtf", "an RTF document", "save it as docx or txt first"),
    (b"ID3", "an MP3 recording", "transcribe it first"),
    (b"RIFF", "a WAV, AVI or WebP file", "choose a text file"),
    (b"OggS", "an Ogg recording", "transcribe it first"),
    (b"\x7fELF", "a program", "choose a text file"),
    (b"SQLite format 3", "an SQLite database", "export it as text first"),
)
_MAGIC_INSIDE: tuple[tuple[int, bytes, str, str], ...] = (
    (4, b"ftyp", "an MP4 or HEIC file", "choose a text file"),
    (60, b"BOOKMOBI", "a Kindle book", "convert it to epub or txt first"),
    (257, b"ustar", "a tar archive", "unpack it first"),
)
_BOMS: tuple[tuple[bytes, str, str], ...] = (
    (codecs.BOM_UTF8, "utf-8", "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le", "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32-be", "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "utf-16"),
)

_CONTROLS = {c for c in range(32) if c not in (9, 10, 12, 13, 27)}


@dataclass(frozen=True, slots=True)
class Repair:
    """One place where the bytes were not text and U+FFFD stands instead.

    `byte_offset` counts bytes of the input, `offset` code points of the decoded text (newlines
    already normalised), `original` is the hexadecimal of the bytes that were replaced.
    """

    byte_offset: int
    offset: int
    reason: str
    original: str


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text with LF newlines and no byte order mark; `encoding` as a person would name it."""

    text: str
    encoding: str
    repairs: tuple[Repair, ...]


class UndecodableError(ValueError):
    """The bytes are no text. `code` is empty, binary or undecodable, or what a format's reader says
    (damaged_archive, protected, …); `looks_like` may be "". `line` (1-based) is where it shows, None
    where no line is to blame."""

    def __init__(
        self,
        code: str,
        message: str,
        *,
        looks_like: str = "",
        remedy: str = "",
        line: int | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.looks_like = looks_like
        self.remedy = remedy
        self.line = line


_errors = threading.local()


def _collect(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    _errors.found.append((error.start, error.end, error.reason))
    return "\ufffd", error.end


codecs.register_error("list-repairs", _collect)


def decode(data: bytes) -> Decoded:
    """Decode `data`, repairing what is broken; raises UndecodableError where it is no text.

    Encodings: UTF-8, UTF-16 and UTF-32 (with or without a byte order mark for the first two),
    GB18030 (so GBK and GB2312), Big5, Windows-1252. Time is linear in `len(data)`.
    """
    if not data:
        raise UndecodableError(
            "empty", "The file is empty (0 bytes). Choose a file that has a text in it."
        )
    for mark, codec, name in _BOMS:
        if data.startswith(mark):
            if len(data) == len(mark):
                raise UndecodableError(
                    "empty", "The file holds nothing but a byte order mark. Choose another file."
                )
            return _finish(data, codec, name, skip=len(mark))
    _reject_known_binaries(data)
    codec, name = _choose(data)
    return _finish(data, codec, name, skip=0)


def _reject_known_binaries(data: bytes) -> None:
    found = [(what, remedy) for magic, what, remedy in _MAGIC if data.startswith(magic)]
    found += [(w, r) for at, magic, w, r in _MAGIC_INSIDE if data[at : at + len(magic)] == magic]
    # "ID3", "BZh" or "RIFF" may open a sentence: only a file with control bytes is the real thing.
    head = data[:4096]
    for what, remedy in found:
        typed = head.startswith((b"%PDF", b"{\\rtf", b"PK", b"\x89PNG"))
        if typed or any(byte in _CONTROLS for byte in head):
            raise UndecodableError(
                "binary",
                f"The file looks like {what}, not like plain text: {remedy}.",
                looks_like=what,
                remedy=remedy,
            )


def _choose(data: bytes) -> tuple[str, str]:
    """The codec to decode with and the name to report."""
    if b"\x00" in data:
        wide = _wide(data)
        if wide:
            return wide, "utf-16"
        nuls = data.count(0)
        if nuls * 1000 > len(data):
            line = data.count(b"\n", 0, data.index(0)) + 1
            remedy = "choose a text file, or save the document as txt in UTF-8"
            raise UndecodableError(
                "binary",
                f"The file holds {nuls} NUL bytes, the first in line {line}, so it looks like binary "
                f"data: {remedy}.",
                looks_like="binary data with NUL bytes",
                remedy=remedy,
                line=line,
            )
    sample = data[:SAMPLE_BYTES]
    wrong = _count_errors(sample, "utf-8")
    if wrong <= 1 and not _count_errors(data, "utf-8", at_most=0):
        return "utf-8", "utf-8"
    if len(data) >= SHORT_BYTES and _is_damaged_utf8(sample, wrong):
        return "utf-8", "utf-8"
    if _is_western(data):
        return "windows-1252", "windows-1252"
    high = sum(byte >= 0x80 for byte in sample)
    if len(data) >= SHORT_BYTES and high * 100 <= len(sample) and wrong * 100 <= len(sample):
        return "utf-8", "utf-8"
    return _best_of_scores(data, sample)


def _is_damaged_utf8(sample: bytes, wrong: int) -> bool:
    """Whether sequences that only UTF-8 has outnumber the broken ones by far.

    A sample cut inside a character has one error that the file does not have.
    """
    multibyte = sum(1 for char in sample.decode("utf-8", "ignore") if char > "\x7f")
    return multibyte > 4 * max(wrong - 1, 0) and multibyte > 0


def _best_of_scores(data: bytes, sample: bytes) -> tuple[str, str]:
    candidates = [("utf-8", "utf-8"), ("gb18030", "gb18030"), ("big5hkscs", "big5")]
    candidates += [("utf-16-le", "utf-16"), ("utf-16-be", "utf-16")]
    scored = [(_score(sample, codec), -i) for i, (codec, _) in enumerate(candidates)]
    best, index = max(scored)
    if best <= 0.0:
        remedy = "open it in an editor and save it as UTF-8"
        raise UndecodableError(
            "undecodable",
            "The file is neither UTF-8, UTF-16, GB18030, Big5 nor Windows-1252 text as far as its "
            f"bytes tell: {remedy}.",
            looks_like="bytes of no known encoding",
            remedy=remedy,
        )
    return candidates[-index]


def _wide(data: bytes) -> str:
    """utf-16-le or utf-16-be where the NULs fall as they do in UTF-16 text, else ""."""
    sample = data[: SAMPLE_BYTES & ~1]
    best, codec = max((_score(sample, codec), codec) for codec in ("utf-16-be", "utf-16-le"))
    return codec if best > 0.45 else ""


def _score(sample: bytes, codec: str) -> float:
    """About 1 for ordinary prose, about 0.2 for a wrong reading, below 0 for rubbish."""
    text = sample.decode(codec, "replace")
    if not text:
        return -1.0
    bad = text[:-1].count("\ufffd")
    total = 0.0
    for char, count in _tally(text):
        total += count * _plainness(char)
    return (total - 4.0 * bad) / len(text)


def _tally(text: str) -> list[tuple[str, int]]:
    counts: dict[str, int] = {}
    for char in text:
        counts[char] = counts.get(char, 0) + 1
    return list(counts.items())


def _plainness(char: str) -> float:
    code = ord(char)
    if char in _COMMON:
        return 1.0
    if code < 0x80:
        return -2.0 if code in _CONTROLS or code == 0x7F else 0.9
    if 0x4E00 <= code <= 0x9FFF:
        # Where no frequent character tells (a title of four), those of the national standards'
        # first tables are likelier than the rest.
        return 0.35 if _in_first_tables(char) else 0.1
    if 0x3000 <= code <= 0x30FF or 0xFF00 <= code <= 0xFF65 or 0x2010 <= code <= 0x2040:
        return 0.5
    if 0xE000 <= code <= 0xF8FF or 0x80 <= code < 0xA0 or 0xD800 <= code < 0xE000:
        return -2.0
    if 0x20000 <= code <= 0x3FFFF or 0x1F300 <= code <= 0x1FAFF or 0x3400 <= code <= 0x4DBF:
        return 0.1
    return -0.3


def _in_first_tables(char: str) -> bool:
    simplified = char.encode("gb2312", "ignore")
    traditional = char.encode("big5", "ignore")
    return (0xB0 <= simplified[0] <= 0xD7 if simplified else False) or (
        0xA4 <= traditional[0] <= 0xC6 if traditional else False
    )


def _is_western(data: bytes) -> bool:
    """ASCII prose with a few accented letters or curly quotes of Windows-1252."""
    counts = [0] * 256
    for byte, count in _byte_counts(data):
        counts[byte] = count
    high = sum(counts[0x80:])
    letters = sum(counts[65:91]) + sum(counts[97:123])
    outside = sum(
        count for byte, count in enumerate(counts) if byte >= 0x80 and byte not in _WESTERN
    )
    if high < 3 or high * 5 > letters or outside:
        return False
    pairs = sum(a > 127 < b for a, b in pairwise(data[:SAMPLE_BYTES]))
    return pairs * 10 <= high


def _byte_counts(data: bytes) -> list[tuple[int, int]]:
    return [(byte, data.count(byte)) for byte in range(256)]


def _count_errors(data: bytes, codec: str, at_most: int | None = None) -> int:
    """Broken sequences in `data`; with `at_most` = 0 only whether there is any (0 or 1)."""
    try:
        data.decode(codec)
    except UnicodeDecodeError:
        return 1 if at_most == 0 else len(_find_errors(data, codec))
    return 0


def _find_errors(data: bytes, codec: str) -> list[tuple[int, int, str]]:
    _errors.found = []
    data.decode(codec, "list-repairs")
    found: list[tuple[int, int, str]] = _errors.found
    _errors.found = []
    return found


def _finish(data: bytes, codec: str, name: str, skip: int) -> Decoded:
    body = data[skip:] if skip else data
    try:
        text = _newlines(body.decode(codec))
        repairs: list[Repair] = []
    except UnicodeDecodeError:
        text, repairs = _repair(body, codec, skip)
    if "\x00" in text:
        text, more = _replace_nuls(text, codec)
        repairs = sorted([*repairs, *more], key=lambda repair: repair.offset)
    _reject_rubbish(text, len(repairs), name)
    return Decoded(text, name, tuple(repairs))


def _newlines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _repair(body: bytes, codec: str, skip: int) -> tuple[str, list[Repair]]:
    parts: list[str] = []
    repairs: list[Repair] = []
    at = offset = 0
    for start, end, reason in _find_errors(body, codec):
        part = _newlines(body[at:start].decode(codec))
        offset += len(part)
        repairs.append(Repair(start + skip, offset, reason, body[start:end].hex()))
        parts += (part, "\ufffd")
        offset += 1
        at = end
    parts.append(_newlines(body[at:].decode(codec)))
    return "".join(parts), repairs


def _replace_nuls(text: str, codec: str) -> tuple[str, list[Repair]]:
    """A stray NUL cannot be stored by PostgreSQL: it becomes U+FFFD and is listed.

    The byte offset is that of the text re-encoded, which equals the file's where it has LF ends.
    """
    repairs: list[Repair] = []
    pieces = text.split("\x00")
    offset = byte_offset = 0
    for piece in pieces[:-1]:
        offset += len(piece)
        byte_offset += len(piece.encode(codec, "surrogatepass"))
        repairs.append(Repair(byte_offset, offset, "NUL character", "00"))
        offset += 1
        byte_offset += 1
    return "\ufffd".join(pieces), repairs


def _reject_rubbish(text: str, repairs: int, name: str) -> None:
    sample = text[:SAMPLE_BYTES]
    controls = sum(count for char, count in _tally(sample) if ord(char) in _CONTROLS)
    if controls * 50 > len(sample) or (repairs > 2 and repairs * 5 > len(text)):
        remedy = "choose a text file, or save the document as txt in UTF-8"
        raise UndecodableError(
            "binary" if controls else "undecodable",
            f"Read as {name} the file is mostly control characters or broken ones, so it is no "
            f"plain text: {remedy}.",
            looks_like="binary data",
            remedy=remedy,
        )
