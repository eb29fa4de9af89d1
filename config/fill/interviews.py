"""Invented interviews: transcripts, utterances, highlights equal to their slices, evidence, Asked."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from config.fill import words
from config.fill.copying import copy_rows, take_ids
from config.fill.people import NOW, People
from config.fill.talk import Said, Talk
from crm.models import Consent, Interview, Study, TranscriptVersion, User, Utterance
from insights.models import Asked, Evidence, Highlight, PainPoint

BATCH = 20_000  # utterances a COPY
MS_A_SIGN = 190
SECOND_CODER = 0.25
SECOND_PAIN = 0.1
FREQUENCIES = ("", "every_piece", "weekly", "sometimes")


@dataclass
class Batch:
    """Rows of some interviews, in the order in which their tables take them."""

    interviews: list[tuple[Any, ...]] = field(default_factory=list)
    consents: list[tuple[Any, ...]] = field(default_factory=list)
    transcripts: list[tuple[Any, ...]] = field(default_factory=list)
    utterances: list[tuple[Any, ...]] = field(default_factory=list)
    highlights: list[tuple[Any, ...]] = field(default_factory=list)
    evidence: list[tuple[Any, ...]] = field(default_factory=list)
    asked: list[tuple[Any, ...]] = field(default_factory=list)


@dataclass(frozen=True)
class Plan:
    """How much of it: whole numbers that are met exactly."""

    interviews: int
    utterances: int
    highlights: int


class Interviewing:
    def __init__(
        self,
        random: np.random.Generator,
        people: People,
        pains: Sequence[PainPoint],
        studies: Sequence[Study],
        coders: Sequence[User],
    ) -> None:
        self.random = random
        self.people = people
        self.pains = [pain.pk for pain in pains]
        self.studies = [study.pk for study in studies]
        self.coders = [coder.pk for coder in coders]
        self.talk = Talk(random, [(pain.title_zh, pain.title_en) for pain in pains])
        weights = random.gamma(0.6, 1, (3, len(self.pains))) + 0.02
        self.leanings = dict(
            zip(("head", "mid", "entry"), weights / weights.sum(1, keepdims=True), strict=True)
        )
        self.asked_shares = random.uniform(0.45, 0.95, len(self.pains))

    def write(self, plan: Plan, progress: Callable[[int], None]) -> None:
        """Write them all, `progress` being told the utterances so far."""
        done = 0
        for batch in self._batches(plan):
            self._copy(batch)
            done += len(batch.utterances)
            progress(done)

    def _batches(self, plan: Plan) -> Iterator[Batch]:
        turns = _split(self.random, plan.utterances, plan.interviews)
        marks = _split_like(turns, plan.highlights)
        owners = self._owners(plan.interviews)
        moments = np.sort(self.random.integers(0, 2 * 365 * 24 * 60, plan.interviews)).tolist()
        interview_ids = take_ids(Interview, plan.interviews)
        transcript_ids = take_ids(TranscriptVersion, plan.interviews)
        highlight_ids = iter(take_ids(Highlight, plan.highlights))
        batch = Batch()
        for number in range(plan.interviews):
            at = NOW - timedelta(minutes=2 * 365 * 24 * 60 - moments[number])
            ids = (interview_ids[number], transcript_ids[number])
            spans = self._one(batch, owners[number], at, ids, turns[number])
            tier = self.people.tier_at(owners[number], at)
            creator = self.people.ids[owners[number]]
            self._code(batch, ids, (creator, tier), spans, marks[number], highlight_ids)
            if len(batch.utterances) >= BATCH:
                yield batch
                batch = Batch()
        if batch.interviews:
            yield batch

    def _owners(self, count: int) -> list[int]:
        """Everybody once before anybody twice, in a random order."""
        people = len(self.people.ids)
        rounds = [self.random.permutation(people) for _ in range(-(-count // people))]
        return [int(one) for one in np.concatenate(rounds)[:count]]

    def _one(
        self, batch: Batch, owner: int, at: datetime, ids: tuple[int, int], count: int
    ) -> list[tuple[int, Said]]:
        """One interview with its transcript; returns each turn with its first code point."""
        people = self.people
        tier, english = people.tier_at(owner, at), people.english[owner]
        interview, transcript = ids
        speaker = people.names[owner]
        asker = words.ENGLISH_ASKER if english else words.ASKER
        spans, texts, start, clock = [], [], 0, 0
        turns = self.talk.turns(count, english=english, leaning=self.leanings[tier])
        for index, said in enumerate(turns):
            end, stop = start + len(said.text), clock + max(800, len(said.text) * MS_A_SIGN)
            who = speaker if said.by_creator else asker
            batch.utterances.append((transcript, index, who, clock, stop, start, end, said.text))
            texts.append(said.text)
            spans.append((start, said))
            start, clock = end + 1, stop + 300
        text = "\n".join(texts)
        study = self.studies[int(self.random.integers(len(self.studies)))]
        paying = bool(self.random.random() < {"head": 0.5, "mid": 0.35, "entry": 0.12}[tier])
        batch.interviews.append((
            interview, people.ids[owner], study, at, tier, paying, "coded",
            "en" if english else "zh-hans", max(1, clock // 60_000), True,
        ))  # fmt: skip
        digest = hashlib.sha256(text.encode()).hexdigest()
        name = f"fill-{interview}.txt"
        batch.transcripts.append((transcript, interview, text, digest, "labelled", name))
        for purpose in ("record", "quote_anonymous"):
            batch.consents.append((people.ids[owner], interview, purpose, "staff", at))
        chosen = self.random.random(len(self.pains)) < self.asked_shares
        batch.asked.extend((interview, self.pains[one]) for one in np.flatnonzero(chosen))
        return spans

    def _code(
        self,
        batch: Batch,
        ids: tuple[int, int],
        who: tuple[int, str],
        spans: list[tuple[int, Said]],
        count: int,
        highlight_ids: Iterator[int],
    ) -> None:
        """`count` passages of the interview, those about a pain point first, coded by one or two."""
        creator, tier = who
        about = [at for at, (_start, said) in enumerate(spans) if said.about >= 0]
        rest = [at for at, (_start, said) in enumerate(spans) if said.about < 0]
        self.random.shuffle(about)
        self.random.shuffle(rest)
        order = about + rest
        for number in range(count):
            start, said = spans[order[number % len(order)]]
            cut = number // len(order)  # a second passage of an utterance begins a sign later
            quote = said.text[cut:]
            highlight = next(highlight_ids)
            first, second = (int(one) for one in self.random.permutation(len(self.coders))[:2])
            at = NOW - timedelta(minutes=int(self.random.integers(0, 500_000)))
            batch.highlights.append((
                highlight, ids[1], start + cut, start + cut + len(quote), quote,
                self.coders[first], at,
            ))  # fmt: skip
            chance = self.random.random(3).tolist()
            coders = [first, second] if chance[0] < SECOND_CODER else [first]
            for coder in coders:
                pain = said.about
                if pain < 0 or (coder == second and chance[2] < 0.2):
                    pain = int(self.random.choice(len(self.pains), p=self.leanings[tier]))
                pains = {pain}
                if chance[1] < SECOND_PAIN:
                    pains.add(int(self.random.integers(len(self.pains))))
                for one in sorted(pains):
                    batch.evidence.append(
                        self._reading(highlight, one, coder, said.against, creator, tier, at)
                    )

    def _reading(
        self, highlight: int, pain: int, coder: int, against: bool, creator: int, tier: str,
        at: datetime,
    ) -> tuple[Any, ...]:  # fmt: skip
        severe, often, money = self.random.integers(0, 1 << 20, 3).tolist()
        return (
            highlight, self.pains[pain], self.coders[coder], "against" if against else "for",
            None if against or severe % 5 == 0 else 1 + (severe % 4 + severe % 3) % 5,
            "" if against else FREQUENCIES[often % 4],
            int(money % 300) * 100 if not against and money % 4 == 0 else None,
            creator, tier, at,
        )  # fmt: skip

    def _copy(self, batch: Batch) -> None:
        copy_rows(
            Interview,
            [
                "id", "creator_id", "study_id", "at", "tier_then", "paying_then", "status",
                "language", "minutes", "is_sample",
            ],
            batch.interviews,
        )  # fmt: skip
        copy_rows(
            Consent, ["creator_id", "interview_id", "purpose", "channel", "at"], batch.consents
        )
        copy_rows(
            TranscriptVersion,
            ["id", "interview_id", "text", "sha256", "format", "source_name"],
            batch.transcripts,
        )
        copy_rows(
            Utterance,
            ["transcript_id", "index", "speaker", "start_ms", "end_ms", "start", "end", "text"],
            batch.utterances,
        )
        copy_rows(
            Highlight,
            ["id", "transcript_id", "start", "end", "text", "author_id", "created_at"],
            batch.highlights,
        )
        copy_rows(
            Evidence,
            [
                "highlight_id", "pain_id", "coder_id", "stance", "severity", "frequency",
                "spend_minor", "creator_id", "tier", "created_at",
            ],
            batch.evidence,
        )  # fmt: skip
        copy_rows(Asked, ["interview_id", "pain_id"], batch.asked)


def _split(random: np.random.Generator, total: int, parts: int) -> list[int]:
    """`total` over `parts`, each at least 1, uneven as interviews are."""
    shares = random.gamma(4, 1, parts)
    counts = 1 + np.floor(shares / shares.sum() * (total - parts)).astype(int)
    counts[: total - int(counts.sum())] += 1
    return [int(one) for one in counts]


def _split_like(sizes: list[int], total: int) -> list[int]:
    """`total` over the parts in proportion to their sizes."""
    edges = np.floor(np.cumsum([0, *sizes]) * (total / max(sum(sizes), 1)) + 1e-9).astype(int)
    edges[-1] = total
    return [int(one) for one in np.diff(edges)]
