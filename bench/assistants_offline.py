"""Suggestions without a chat engine against what people tagged, on the sample's interviews.

Each interview is read with the examples of all the others. The score from which a sentence is
offered was chosen on this sample, so a second row leaves out one creator at a time: it is chosen on
the interviews of the others and judged on that creator's alone. An offer is right where it overlaps a
passage that a person tagged to the same pain point by half of the shorter one. Compared with what
one would write first: the sentence holds a piece of the pain point's title of three characters.
"""

import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from crm.transcripts import parse
from insights.assistants import Assistant, Example, Profile, Proposal, Said
from insights.assistants.expecting import Ruling, likely
from insights.assistants.offline import Offline, sentences
from insights.assistants.semantic import encoder
from insights.statistics import wilson

DATA = Path(__file__).resolve().parents[1] / "config" / "sample" / "data"
AIM = 0.4  # of F1
SCORES = tuple(round(0.06 + 0.04 * step, 2) for step in range(8))
SURE, SURE_SCORES = 0.65, (0.24, 0.26, 0.28, 0.3, 0.32)
"""Share of offers that has to be right on the others' interviews, for offers that may be few."""


@dataclass(frozen=True)
class Talk:
    creator: str
    said: list[Said]
    tagged: list[tuple[int, int, str, int]]  # start, end, words, pain


def _talks() -> tuple[list[Profile], list[Talk]]:
    pains = tomllib.loads((DATA / "pains.toml").read_text("utf-8"))["pain"]
    number = {row["key"]: at for at, row in enumerate(pains)}
    fields = ("title_zh", "title_en", "description_zh", "description_en")
    profiles = [
        Profile(at, row["title_zh"], tuple(row[name] for name in fields if row.get(name)))
        for at, row in enumerate(pains)
    ]
    talks = []
    for row in tomllib.loads((DATA / "interviews.toml").read_text("utf-8"))["interview"]:
        file = DATA / "interviews" / row["file"]
        transcript = parse(file.read_bytes(), file.name)[0]
        said = [
            Said(at, item.text, start, item.speaker, asks=item.speaker in ("研究员", "Researcher"))
            for at, (item, (start, _end)) in enumerate(
                zip(transcript.utterances, transcript.offsets, strict=True)
            )
        ]
        tagged = {
            (transcript.text.index(mark["quote"]), mark["quote"], number[key])
            for mark in row.get("highlight", [])
            for key in mark["pains"]
        }
        talks.append(
            Talk(
                row["creator"],
                said,
                [(at, at + len(words), words, pain) for at, words, pain in sorted(tagged)],
            )
        )
    return profiles, talks


def _measured(
    offer: Callable[[list[Said], list[Profile]], list[Proposal]],
    profiles: list[Profile],
    talks: list[Talk],
    judged: Sequence[Talk] | None = None,
) -> tuple[int, int, int, int]:
    """(right offers, offers, tagged passages found, tagged passages) of the `judged` talks, or all,
    each with the examples of the other creators' talks."""
    right = offers = found = tagged = 0
    for talk in talks if judged is None else judged:
        given = _given(profiles, [one for one in talks if one.creator != talk.creator])
        offered = offer(talk.said, given)
        hits = [
            {mark for mark in talk.tagged if mark[3] == item.pain and _overlap(item, mark)}
            for item in offered
        ]
        right += sum(map(bool, hits))
        offers += len(offered)
        found += len(set().union(*hits)) if hits else 0
        tagged += len(talk.tagged)
    return right, offers, found, tagged


def _overlap(item: Proposal, mark: tuple[int, int, str, int]) -> bool:
    shared = min(item.end, mark[1]) - max(item.start, mark[0])
    return shared >= 0.5 * min(item.end - item.start, mark[1] - mark[0])


def _by(way: Assistant) -> Callable[[list[Said], list[Profile]], list[Proposal]]:
    def offer(said: list[Said], profiles: list[Profile]) -> list[Proposal]:
        return list(way.suggest(said, profiles, lambda _done, _total: None).proposals)

    return offer


def by_title(said: list[Said], profiles: list[Profile]) -> list[Proposal]:
    """Sentences that hold three neighbouring characters of a title."""
    found = []
    for turn in said:
        for piece in sentences(turn.text) if not turn.asks else ():
            for profile in profiles:
                title = profile.title
                if any(title[at : at + 3] in piece.text for at in range(max(1, len(title) - 2))):
                    start = turn.start + piece.start
                    found.append(Proposal(start, start + len(piece.text), piece.text, profile.id))
    return found


def _held_out(
    make: Callable[[float], Assistant],
    profiles: list[Profile],
    talks: list[Talk],
    scores: Sequence[float] = SCORES,
    good: Callable[[float, tuple[int, int, int, int]], float] = lambda _score, counts: _f1(counts),
) -> tuple[int, int, int, int]:
    """Counts over all creators, each judged at the score that is best (`good`) for the others."""
    creators = sorted({talk.creator for talk in talks})
    of = {
        (enough, creator): _measured(
            _by(make(enough)), profiles, talks, [t for t in talks if t.creator == creator]
        )
        for enough in scores
        for creator in creators
    }

    def summed(enough: float, among: Iterable[str]) -> tuple[int, int, int, int]:
        right, offers, found, tagged = map(
            sum, zip(*(of[enough, one] for one in among), strict=True)
        )
        return right, offers, found, tagged

    total = [0, 0, 0, 0]
    for creator in creators:
        others = [one for one in creators if one != creator]
        best = max(scores, key=lambda enough: good(enough, summed(enough, others)))
        total = [a + b for a, b in zip(total, of[best, creator], strict=True)]
    right, offers, found, tagged = total
    return right, offers, found, tagged


def _sure(score: float, counts: tuple[int, int, int, int]) -> float:
    """The lowest score at which enough of the offers are right; the highest where none is."""
    right, offers, _found, _tagged = counts
    return 1.0 - score if offers and right / offers >= SURE else score - 1.0


def _ordered(
    way: Assistant, profiles: list[Profile], talks: list[Talk]
) -> tuple[int, int, int, int]:
    """Of each creator's offers, judged by the decisions on the others': (right, n) of the likelier
    half and of the other one."""
    rulings: dict[str, list[Ruling]] = {}
    for talk in talks:
        others = [one for one in talks if one.creator != talk.creator]
        given = _given(profiles, others)
        rulings.setdefault(talk.creator, []).extend(
            Ruling(
                item.score,
                item.pain,
                any(mark[3] == item.pain and _overlap(item, mark) for mark in talk.tagged),
            )
            for item in _by(way)(talk.said, given)
        )
    halves = [0, 0, 0, 0]
    for creator, offers in rulings.items():
        known = [row for one, rows in rulings.items() if one != creator for row in rows]
        chances = {row: likely(row.score, row.pain, known) for row in offers}
        ranked = sorted(offers, key=lambda row: (-chances[row][0] / chances[row][1], -row.score))
        cut = (len(ranked) + 1) // 2
        for place, part in enumerate((ranked[:cut], ranked[cut:])):
            halves[2 * place] += sum(row.taken for row in part)
            halves[2 * place + 1] += len(part)
    return halves[0], halves[1], halves[2], halves[3]


def _given(profiles: list[Profile], talks: Iterable[Talk]) -> list[Profile]:
    """The pain points with what was tagged in these talks as examples."""
    examples: dict[int, list[Example]] = {}
    for talk in talks:
        for _start, _end, words, pain in talk.tagged:
            examples.setdefault(pain, []).append(Example(words))
    return [
        Profile(item.id, item.title, item.texts, tuple(examples.get(item.id, ())))
        for item in profiles
    ]


def _f1(counts: tuple[int, int, int, int]) -> float:
    right, offers, found, tagged = counts
    precision, recall = right / offers if offers else 0.0, found / tagged
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def _words(counts: tuple[int, int, int, int]) -> str:
    right, offers, found, tagged = counts
    parts = []
    for name, hits, n in (("precision", right, offers), ("recall", found, tagged)):
        limits = wilson(hits, n) if n else None
        share = f"{hits / n:.0%} ({limits.low:.0%}–{limits.high:.0%})" if limits else "–"
        parts.append(f"{name} {share}, n = {n}")
    return f"{'; '.join(parts)}; F1 {_f1(counts):.2f}"


def rows() -> Iterator[dict[str, object]]:
    profiles, talks = _talks()
    plain = _measured(by_title, profiles, talks)
    model = encoder()
    ways = [("words alone", Offline())]
    if model is not None:
        ways.append(("words and sentence vectors", Offline(model)))
    for name, way in ways:
        ours = _measured(_by(way), profiles, talks)
        yield {
            "work": f"suggestions offline, {name}, {len(talks)} sample interviews, leave one out",
            "ours": _words(ours),
            "other": f"{_words(plain)} (title's characters in the sentence)",
            "ratio": _f1(ours) / _f1(plain) if _f1(plain) else None,
            "aim": f"F1 ≥ {AIM:g}",
            "met": _f1(ours) >= AIM,
        }
        held = _held_out(
            partial(Offline, model if way is not ways[0][1] else None), profiles, talks
        )
        yield {
            "work": f"suggestions offline, {name}, score chosen without the creator it is judged on",
            "ours": _words(held),
            "other": f"{_words(plain)} (title's characters in the sentence)",
            "ratio": _f1(held) / _f1(plain) if _f1(plain) else None,
            "aim": f"F1 ≥ {AIM:g}",
            "met": _f1(held) >= AIM,
        }
        sure = _held_out(
            partial(Offline, model if way is not ways[0][1] else None), profiles, talks,
            SURE_SCORES, _sure,
        )  # fmt: skip
        yield {
            "work": f"suggestions offline, {name}, offered only where it is sure of the others' interviews",
            "ours": _words(sure),
            "other": f"{_words(held)} (score chosen by F1)",
            "ratio": (sure[0] / sure[1]) / (held[0] / held[1]) if sure[1] and held[1] else None,
            "aim": "three of five offers right",
            "met": bool(sure[1]) and sure[0] / sure[1] >= 0.6,
        }
        first, n, rest, m = _ordered(way, profiles, talks)
        yield {
            "work": f"suggestions offline, {name}, ordered by the decisions on other creators' offers",
            "ours": f"precision of the likelier half {first / n:.0%}, n = {n}",
            "other": f"of the other half {rest / m:.0%}, n = {m}",
            "ratio": (first / n) / (rest / m) if rest else None,
            "aim": "the likelier half is the better one",
            "met": first / n > rest / m,
        }
