"""A quote as it leaves the team: with the speaker's name only where they agreed to it."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext as _

from crm.models import Creator, CreatorMerge, PayerName, Quoting, Utterance
from crm.services.interviews import INTERVIEWERS
from crm.transcripts.labelled import ROLES
from insights.given_names import given_name
from insights.models import Evidence
from insights.search.wording import spellings

SHARED = (Quoting.NAMED, Quoting.ANONYMOUS)
BLACK = "\u2588"  # as of words that were removed
_SHORTEST = 2  # a name of one letter stands in every other word
_MARKS = frozenset({"Mn", "Me", "Cf"})  # accents, joiners and other signs without a width
_SEVERAL = re.compile(
    r"[()\uff08\uff09\[\]\u3010\u3011/|\u3001,\uff0c;\uff1b&+\u00b7\u30fb\u2022]+"
)  # brackets, slashes, commas and middle dots of both scripts
_SPACED = "a-z\u00df-\u024f\u0370-\u052f"  # letters of scripts that put blanks between words
# Words of names that stand in ordinary speech, too, or in every other name.
_NO_NAMES = frozenset(
    [
        "ad",
        "ae",
        "ah",
        "ai",
        "am",
        "an",
        "ar",
        "as",
        "at",
        "au",
        "be",
        "by",
        "cg",
        "co",
        "cp",
        "de",
        "di",
        "dm",
        "do",
        "dr",
        "el",
        "en",
        "et",
        "go",
        "ha",
        "he",
        "hi",
        "hr",
        "id",
        "if",
        "im",
        "in",
        "ip",
        "is",
        "it",
        "la",
        "le",
        "me",
        "mr",
        "ms",
        "mv",
        "my",
        "nb",
        "no",
        "oc",
        "of",
        "oh",
        "ok",
        "on",
        "op",
        "or",
        "os",
        "ox",
        "pa",
        "pc",
        "pm",
        "pr",
        "ps",
        "qq",
        "re",
        "so",
        "tv",
        "ui",
        "uk",
        "um",
        "up",
        "us",
        "ux",
        "vr",
        "vs",
        "we",
        "wx",
        "the",
        "and",
        "von",
        "van",
        "der",
        "del",
        "mrs",
        "not",
        "studio",
    ]
)


@dataclass(frozen=True)
class Outward:
    """`who` is the speaker's name, or that they are not named."""

    text: str
    who: str
    named: bool


class Cover:
    """Makes names black wherever they stand in a text, one sign for each code point.

    Names are found whatever their width, case, accents, script (simplified or traditional), and
    blanks or invisible signs between their letters; `Ann` is not found in `annual`.
    """

    def __init__(self, names: Iterable[str]) -> None:
        parts = {part for name in names for part in _parts(name)}
        found = {_pattern(form) for part in parts for form in spellings(part, variants=True)}
        self._patterns = [re.compile(pattern) for pattern in sorted(found)]

    def __call__(self, text: str) -> str:
        plain, places = _folded(text)
        signs = list(text)
        for pattern in self._patterns:
            for match in pattern.finditer(plain):
                end = places[match.end() - 1] + 1
                while end < len(text) and unicodedata.category(text[end]) in _MARKS:
                    end += 1
                for place in range(places[match.start()], end):
                    signs[place] = "\n" if text[place] == "\n" else BLACK
        return "".join(signs)


class Outside:
    """Quotes on their way out, with all names that their speakers are known by; four queries.

    Reads highlight, interview and creator of each.
    """

    def __init__(self, rows: Collection[Evidence]) -> None:
        hidden = [row for row in rows if row.quoting == Quoting.ANONYMOUS]
        names = names_of({row.creator_id for row in hidden})
        labels = labels_of({row.highlight.transcript_id for row in hidden})
        self._covers: dict[tuple[int, int], Cover] = {}
        for row in hidden:
            key = row.creator_id, row.highlight.transcript_id
            if key not in self._covers:
                self._covers[key] = Cover(names[key[0]] | labels[key[1]])

    def said(self, row: Evidence, *, alias: str = "") -> Outward:
        """The words and their speaker; `alias` stands for a speaker who is not named.

        Raises ValueError for what may not leave the team: rows come from `shareable()`.
        """
        if row.quoting not in SHARED:
            raise ValueError(f"coding {row.pk} may not be quoted outside the team")
        if row.quoting == Quoting.NAMED:
            return Outward(row.highlight.text, row.creator.name, True)
        return Outward(self.black(row, row.highlight.text), alias or _("anonymous"), False)

    def printed(self, row: Evidence) -> str:
        """The words as they stand on paper, where a page is printed; empty where they are not."""
        return self.said(row).text if row.quoting in SHARED else ""

    def black(self, row: Evidence, text: str) -> str:
        """Words about a quote (what a coder noted, what is printed) without its speaker's names."""
        cover = self._covers.get((row.creator_id, row.highlight.transcript_id))
        return cover(text) if cover else text


def outward(row: Evidence, *, alias: str = "") -> Outward:
    """One quote by itself, as `Outside.said`."""
    return Outside([row]).said(row, alias=alias)


def names_of(creators: Collection[int]) -> dict[int, set[str]]:
    """What each creator is called anywhere: pen name, handle, login, merged records, bills."""
    found: dict[int, set[str]] = defaultdict(set)
    rows = Creator.objects.filter(pk__in=creators)
    for pk, *names in rows.values_list(
        "pk", "name", "handle", "user__first_name", "user__last_name"
    ):
        found[pk].update(name for name in names if name)
    merged = CreatorMerge.objects.filter(target__in=creators, undone_at=None)
    for pk, name in merged.values_list("target", "source_name"):
        found[pk].add(name)
    for pk, name in PayerName.objects.filter(creator__in=creators).values_list("creator", "name"):
        found[pk].add(name)
    return found


def labels_of(transcripts: Collection[int]) -> dict[int, set[str]]:
    """How each transcript names its speakers, without what only says their part in it."""
    found: dict[int, set[str]] = defaultdict(set)
    rows = Utterance.objects.filter(transcript__in=transcripts).order_by()
    for pk, label in rows.values_list("transcript", "speaker").distinct():
        if is_name(label):
            found[pk].add(label)
    return found


def is_name(label: str) -> bool:
    """Whether a speaker's label names somebody, and not only their part ("说话人 1", "Host")."""
    return bool(label) and label.casefold() not in INTERVIEWERS and not ROLES.match(label)


def _parts(name: str) -> Iterator[str]:
    """A name as it may stand in speech: whole, its parts, a word of it, the given name alone."""
    for part in (name, *_SEVERAL.split(name)):
        bare = re.sub(r"^[\W_]+|[\W_]+$", "", part) or part.strip()
        if len(_folded(bare)[0]) >= _SHORTEST:
            yield bare
        words = bare.split()
        if len(words) > 1:
            yield from (
                word for word in words
                if len(word) >= _SHORTEST and word.casefold() not in _NO_NAMES
            )  # fmt: skip
        yield from filter(None, map(given_name, words))


def _pattern(name: str) -> str:
    plain = _folded(name)[0]
    if not any(letter.isalnum() for letter in plain):  # a name of signs alone
        return re.escape(plain)
    pieces = [_edge(plain[0], "(?<!{})")]
    for before, letter in zip(["", *plain], plain, strict=False):
        if before and _is_dense(before) and _is_dense(letter):
            pieces.append(r"[\s·・•]?")
        pieces.append(re.escape(letter) if letter.isalnum() else r"[\W_]{0,3}")
    return "".join([*pieces, _edge(plain[-1], "(?!{})")])


def _edge(letter: str, look: str) -> str:
    """Where a word must begin or end, in scripts that have words."""
    if letter.isdecimal():
        return look.format(r"\d")
    return look.format(f"[{_SPACED}]") if re.match(f"[{_SPACED}]", letter) else ""


def _is_dense(letter: str) -> bool:
    """Whether it is of a script without blanks between words: Han, kana, hangul."""
    code = ord(letter)
    return 0x1100 <= code <= 0x11FF or 0x2E80 <= code <= 0xD7FF or 0xF900 <= code <= 0xFAFF or (
        code >= 0x20000
    )  # fmt: skip


def _folded(text: str) -> tuple[str, list[int]]:
    """Letters as they are compared, and the code point of the text that each comes from."""
    plain: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text):
        letters = _fold(sign)
        plain.append(letters)
        places += [place] * len(letters)
    return "".join(plain), places


@lru_cache(maxsize=20_000)
def _fold(sign: str) -> str:
    apart = unicodedata.normalize("NFKD", sign).casefold()
    return "".join(letter for letter in apart if unicodedata.category(letter) not in _MARKS)
