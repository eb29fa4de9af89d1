"""Reads for assistants: what they are given, and how the machine compares with people.

Nothing of an interview whose consent was withdrawn is given to any of them.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, Max, OuterRef, Q

from crm.models import Study, Tier, TranscriptVersion, Utterance
from crm.querysets import may_quote
from insights.assistants import Example, Passage, Profile, Said
from insights.assistants.offline import EXAMPLES, telling
from insights.models import Evidence, MachineReading, PainPoint, Suggestion
from insights.querysets import is_free
from insights.search import search
from insights.selectors import current
from insights.statistics import Estimate, codes_alpha_interval, wilson

CANDIDATES = 400  # utterances that a question is answered from
SMALL = 2_000  # a corpus of so few utterances is read whole
_TERMS, _HITS = 12, 120


def profiles(*, without: int | None = None) -> list[Profile]:
    """Open pain points with their words and the newest quotes that people tagged to them.

    `without`: an interview whose own quotes stay out, so that nobody is measured on themselves.
    """
    rows = (
        Evidence.objects.quotable()
        .filter(pain__status=PainPoint.Status.OPEN)
        .exclude(highlight__transcript__interview=without)
        .order_by("-pk")
        .values_list("pain_id", "highlight__text", "stance", "highlight_id")
    )
    examples: dict[int, dict[str, Example]] = defaultdict(dict)
    for pain, text, stance, highlight in rows.iterator(chunk_size=5000):
        if len(examples[pain]) < EXAMPLES:
            examples[pain].setdefault(text, Example(text, stance, highlight))
    return [
        Profile(
            pain.pk,
            pain.title,
            tuple(
                text
                for text in (
                    pain.title_zh, pain.title_en, pain.description_zh, pain.description_en,
                )
                if text
            ),
            tuple(examples[pain.pk].values()),
        )
        for pain in PainPoint.objects.open().order_by("pk")
    ]  # fmt: skip


def said_in(transcript: TranscriptVersion, interviewers: Iterable[str]) -> list[Said]:
    """The transcript's turns; who asks is known by name, or as the one who is not the creator."""
    asks = {name.casefold() for name in interviewers}
    rows = list(transcript.utterances.order_by("index"))
    lengths: Counter[str] = Counter()
    for row in rows:
        lengths[row.speaker.casefold()] += len(row.text)
    creator = transcript.interview.creator
    guests = {creator.name.casefold(), creator.handle.casefold()} - {""}
    if guests & set(lengths):
        asks |= set(lengths) - guests
    return [
        Said(row.index, row.text, row.start, row.speaker, asks=row.speaker.casefold() in asks)
        for row in rows
    ]


def suggestions_of(transcript: TranscriptVersion) -> list[Suggestion]:
    """What is proposed for a transcript and not yet decided, in its order."""
    return list(
        Suggestion.objects.filter(
            may_quote("transcript__interview"), is_free(), transcript=transcript
        )
        .filter(state=Suggestion.State.PROPOSED)
        .select_related("pain", "like__transcript__interview")
        .prefetch_related("like__evidence")
    )


def passages_for(
    question: str, interviewers: Iterable[str], *, tier: str = "", study: Study | None = None
) -> list[Passage]:
    """What creators said, with what it replied to; of a large corpus what shares telling words.

    Words come from the search's index, so the length of the corpus hardly matters.
    """
    newer = TranscriptVersion.objects.filter(
        interview=OuterRef("transcript__interview"), version__gt=OuterRef("transcript__version")
    )
    everything = Utterance.objects.filter(
        may_quote("transcript__interview"), is_free(), ~Exists(newer)
    )
    if tier:
        everything = everything.filter(transcript__interview__tier_then=tier)
    if study is not None:
        everything = everything.filter(transcript__interview__study=study)
    asks = {name.casefold() for name in interviewers}
    few = list(
        everything.order_by("transcript", "index").values_list(
            "pk", "text", "speaker", "transcript"
        )[: SMALL + 1]
    )
    if len(few) <= SMALL:
        return _replies(few, asks)
    found: Counter[int] = Counter()
    texts: dict[int, Passage] = {}
    for term in telling(question)[:_TERMS]:
        hits = search(term, tier=tier, study=study.key if study else "", limit=_HITS)
        rare = 1.0 if hits.count <= _HITS else _HITS / hits.count
        for hit in hits.hits:
            found[hit.id] += max(1, round(100 * rare))
            if hit.speaker.casefold() not in asks:
                texts[hit.id] = Passage(hit.id, hit.text, hit.speaker)
    ranked = [pk for pk, _n in found.most_common() if pk in texts][:CANDIDATES]
    quotable = set(everything.filter(pk__in=ranked).values_list("pk", flat=True))
    return [texts[pk] for pk in ranked if pk in quotable]


def _replies(rows: Iterable[tuple[int, str, str, int]], asks: set[str]) -> list[Passage]:
    """The creators' turns, each with the last question of its interview before it."""
    passages = []
    asked, talk = "", 0
    for pk, text, speaker, transcript in rows:
        if transcript != talk:
            asked, talk = "", transcript
        if speaker.casefold() in asks:
            asked = text
        else:
            passages.append(Passage(pk, text, speaker, asked))
    return passages


@dataclass(frozen=True)
class Cited:
    """A citation as a page shows it; only while its interview may be used."""

    quote: str
    before: str
    after: str
    speaker: str
    creator: str
    tier: str
    tier_label: str
    interview: int
    index: int
    replies_to: str = ""


@dataclass(frozen=True)
class AnswerLine:
    text: str
    cited: tuple[Cited, ...]


def answer_lines(
    answer: Sequence[dict[str, object]], interviewers: Iterable[str] = ()
) -> list[AnswerLine]:
    """The kept answer with the words it cites, read again now: what was withdrawn falls away."""
    wanted = {item["utterance"] for line in answer for item in line["citations"]}  # type: ignore[attr-defined]
    rows = {
        row.pk: row
        for row in Utterance.objects.filter(
            may_quote("transcript__interview"), is_free(), pk__in=wanted
        ).select_related("transcript__interview__creator")
    }
    asked = _asked_before(rows.values(), {name.casefold() for name in interviewers})
    lines = []
    for line in answer:
        cited = []
        for item in line["citations"]:  # type: ignore[attr-defined]
            row = rows.get(item["utterance"])
            if row is not None:
                replies_to = asked.get((row.transcript_id, row.index - 1), "")
                cited.append(_cited(row, item["start"], item["end"], replies_to))
        if cited:
            text = str(line["text"]) or cited[0].quote
            lines.append(AnswerLine(text, tuple(cited)))
    return lines


def _asked_before(rows: Iterable[Utterance], asks: set[str]) -> dict[tuple[int, int], str]:
    """The interviewer's turn right before each of the rows, by transcript and index."""
    before = Q()
    for row in rows:
        before |= Q(transcript=row.transcript_id, index=row.index - 1)
    if not before or not asks:
        return {}
    found = Utterance.objects.filter(before)
    return {
        (row.transcript_id, row.index): row.text for row in found if row.speaker.casefold() in asks
    }


def _cited(row: Utterance, start: int, end: int, replies_to: str) -> Cited:
    interview = row.transcript.interview
    return Cited(
        quote=row.text[start:end], before=row.text[:start], after=row.text[end:],
        speaker=row.speaker, creator=interview.creator.name, tier=interview.tier_then,
        tier_label=str(Tier(interview.tier_then).label), interview=interview.pk, index=row.index, replies_to=replies_to,
    )  # fmt: skip


@dataclass(frozen=True)
class Decided:
    """Of a way's suggestions that people decided, how many they took; Wilson, 95%."""

    way: str
    proposed: int
    accepted: int
    rejected: int
    share: Estimate


def decided_by_way() -> list[Decided]:
    states = Suggestion.State
    rows = (
        Suggestion.objects.filter(transcript__interview__usable=True)
        .order_by("way")
        .values("way")
        .annotate(
            proposed=Count("pk", filter=Q(state=states.PROPOSED)),
            accepted=Count("pk", filter=Q(state=states.ACCEPTED)),
            rejected=Count("pk", filter=Q(state=states.REJECTED)),
        )
    )
    return [
        Decided(**row, share=_share(row["accepted"], row["accepted"] + row["rejected"]))
        for row in rows
    ]


def _share(hits: int, n: int) -> Estimate:
    if not n:
        return Estimate(None, 0, None, None, "Wilson, 95%", ())
    limits = wilson(hits, n)
    return Estimate(hits / n, n, limits.low, limits.high, "Wilson, 95%", ())


@dataclass(frozen=True)
class ThirdCoder:
    """Krippendorff's alpha of passages over all pain points: people alone, and with the machine.

    `shares`: of the machine's codes those that a person gave too, and of people's those it found.
    """

    way: str
    passages: int
    people: Estimate
    together: Estimate
    shares: tuple[Estimate, Estimate]
    at: object


Read = list[int | None]
"""Of one coder, passage by passage: 1 seen, 0 not seen, None not read."""


def third_coders() -> list[ThirdCoder]:
    """For each way that coded: how well people agree on its passages, and how well all do.

    Over the pain points that anybody saw anywhere in these passages, chance reckoned within each. A
    person who coded a passage is taken to have read it for all of them; who did not is missing, not
    a no.
    """
    ways = MachineReading.objects.filter(highlight__transcript__interview__usable=True)
    found = []
    for row in ways.order_by("way").values("way").annotate(at=Max("at"), n=Count("pk")):
        rows = dict(ways.filter(way=row["way"]).values_list("highlight_id", "pains"))
        now = current({pain for pains in rows.values() for pain in pains})
        readings = {pk: {now[pain] for pain in pains} for pk, pains in rows.items()}
        people, machine = _ratings(readings)
        all_of_them = [[*read, own] for read, own in zip(people, machine, strict=True)]
        found.append(
            ThirdCoder(
                way=row["way"], passages=row["n"], at=row["at"],
                people=codes_alpha_interval(people, draws=500),
                together=codes_alpha_interval(all_of_them, draws=500),
                shares=_hits(people, machine),
            )
        )  # fmt: skip
    return found


def _hits(people: list[list[Read]], machine: list[Read]) -> tuple[Estimate, Estimate]:
    anybody = [[any(read) for read in zip(*coders, strict=True)] for coders in people]
    both = sum(
        bool(own and theirs)
        for code, seen in zip(machine, anybody, strict=True)
        for own, theirs in zip(code, seen, strict=False)
    )
    return (
        _share(both, sum(map(bool, (own for code in machine for own in code)))),
        _share(both, sum(map(sum, anybody))),
    )


def _ratings(readings: dict[int, set[int]]) -> tuple[list[list[Read]], list[Read]]:
    """By pain point: what each person read in the passages, and what the machine did."""
    seen: dict[int, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
    pains: set[int] = set()
    rows = Evidence.objects.usable().filter(highlight__in=readings, stance=Evidence.Stance.FOR)
    for coder, highlight, pain in rows.values_list("coder_id", "highlight_id", "pain_id"):
        seen[coder][highlight].add(pain)
        pains.add(pain)
    pains |= {pain for read in readings.values() for pain in read}
    passages, codes = sorted(readings), sorted(pains)
    people: list[list[Read]] = [
        [
            [int(pain in read[passage]) if passage in read else None for passage in passages]
            for read in seen.values()
        ]
        for pain in codes
    ]
    return people, [[int(pain in readings[passage]) for passage in passages] for pain in codes]
