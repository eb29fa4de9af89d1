"""The way without a chat engine: what a sentence has in common with what people tagged before.

It finds passages that resemble tagged ones and the words of pain points; it understands nothing.
How often it is right is measured by `bench/assistants_offline.py` and shown on the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from insights.assistants.model import (
    Answered,
    Citation,
    Coded,
    Passage,
    Profile,
    Proposal,
    Said,
    Sentence,
    Step,
    Suggested,
)
from insights.assistants.semantic import Encoder
from insights.assistants.words import Likeness, Okapi, Weights, terms

_SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;\n”」』\"']*")
_SHORTEST = 8  # characters; shorter ones carry nothing that can be compared
EXAMPLES = 200  # of a pain point that are compared, the newest
# Chosen on the sample workspace with the examples of every other interview, see the bench. With
# vectors it abstains where fewer than two of three would be right: of passages by creators that it
# was not chosen on 72 % of the offers are (60–81 %) and 36 % are found; from 0.26 on 59 % and 42 %.
# Words alone never come to that, so there the score is the one at which most is found for its price.
ENOUGH_WORDS, ENOUGH_VECTORS = 0.12, 0.28
_QUOTE, _SECOND, _RIVAL = 0.8, 0.25, 0.3
# Of a question's telling words, how much a passage must have; how near its meaning must be, or that
# of the interviewer's question that it replies to. Questions about what nobody spoke of came to
# 0.52 on the sample.
COVERED, NEAR, ASKED_NEAR = 0.34, 0.58, 0.6
_SENTENCES, _A_PASSAGE = 6, 2
# Pairs that ask rather than name; a passage that shares only these answers nothing.
_ASKING = frozenset(
    """
    什么 怎么 哪些 哪个 哪里 为什 么样 怎样 如何 是否 有没 没有 他们 我们 你们 大家 创作 作者 觉得
    认为 说了 些什 的是 是什 的时 时候 最常 常提 提到 问题 吗 呢 the what which who how why when do
    does did is are of and to in on for they creators creator say think about
    """.split()  # noqa: SIM905  a list of words reads better without quotes
)


@dataclass(frozen=True)
class _Piece:
    start: int
    text: str


def sentences(text: str) -> Iterator[_Piece]:
    """Sentences with their place, white space at the ends left out."""
    for found in _SENTENCE.finditer(text):
        words = found.group()
        piece = words.strip()
        if len(piece) >= _SHORTEST:
            yield _Piece(found.start() + len(words) - len(words.lstrip()), piece)


def telling(question: str) -> list[str]:
    """The question's words that name something, each once, longest first."""
    return sorted(
        {term for term in terms(question) if term not in _ASKING}, key=lambda t: (-len(t), t)
    )


class Resemblance:
    """Scores of a sentence for every pain point, from its words and from what was tagged to it."""

    def __init__(self, profiles: Sequence[Profile], encoder: Encoder | None) -> None:
        self._profiles = profiles
        self._encoder = encoder
        self.owners: list[int] = []
        self.texts: list[str] = []
        self.stances: list[str] = []
        self.ids: list[int | None] = []
        for at, profile in enumerate(profiles):
            examples = profile.examples[:EXAMPLES]
            for text, stance, key in [
                *((text, "", None) for text in profile.texts if text.strip()),
                *((item.text, item.stance, item.id) for item in examples),
            ]:
                self.owners.append(at)
                self.texts.append(text)
                self.stances.append(stance)
                self.ids.append(key)
        split = [terms(text) for text in self.texts]
        weights = Weights(split)
        self._like = Likeness(split, weights)
        whole = [
            [
                term
                for owner, text in zip(self.owners, split, strict=True)
                if owner == at
                for term in text
            ]
            for at in range(len(profiles))
        ]
        self._whole = Likeness(whole, weights)
        self._vectors = encoder(self.texts) if encoder and self.texts else None

    @property
    def enough(self) -> float:
        return ENOUGH_WORDS if self._encoder is None else ENOUGH_VECTORS

    def scores(self, pieces: Sequence[str]) -> Iterator[dict[int, tuple[float, int]]]:
        """For each text: place of a profile → (score, the compared text that is most like it)."""
        if not self.texts:
            yield from ({} for _piece in pieces)
            return
        near = None
        if self._encoder is not None and self._vectors is not None:
            near = self._encoder(pieces) @ self._vectors.T
        for index, piece in enumerate(pieces):
            split = terms(piece)
            yield self._scored(
                self._like(split), self._whole(split), None if near is None else near[index]
            )

    def _scored(
        self, like: dict[int, float], whole: dict[int, float], near: np.ndarray | None
    ) -> dict[int, tuple[float, int]]:
        each: dict[int, list[tuple[float, int]]] = {}
        for at in range(len(self.texts)) if near is not None else like:
            value = like.get(at, 0.0)
            if near is not None:
                value = 0.5 * value + 0.5 * max(0.0, float(near[at]))
            value *= _QUOTE if self.stances[at] else 1.0
            each.setdefault(self.owners[at], []).append((value, at))
        found = {}
        for owner, values in each.items():
            values.sort(reverse=True)
            more = sum(value for value, _at in values[1:3]) * _SECOND
            found[owner] = (values[0][0] + more + whole.get(owner, 0.0), values[0][1])
        best = [*sorted((score for score, _at in found.values()), reverse=True), 0.0]
        first = next(iter(sorted(found, key=lambda owner: -found[owner][0])), None)
        return {
            owner: (score - _RIVAL * best[1 if owner == first else 0], at)
            for owner, (score, at) in found.items()
        }


class Offline:
    """Words alone, or words and vectors where an encoder is given."""

    def __init__(self, encoder: Encoder | None = None, enough: float | None = None) -> None:
        """`enough`: the score from which a sentence is offered; None takes the usual one."""
        self._encoder = encoder
        self._enough = enough
        self.name = "offline" if encoder is None else "offline-semantic"

    def suggest(self, said: Sequence[Said], profiles: Sequence[Profile], step: Step) -> Suggested:
        by = Resemblance(profiles, self._encoder)
        turns = [item for item in said if not item.asks]
        found: list[Proposal] = []
        for done, turn in enumerate(turns):
            step(done, len(turns))
            found.extend(self._of_turn(turn, by, profiles))
        step(len(turns), len(turns))
        return Suggested(tuple(found))

    def _of_turn(
        self, turn: Said, by: Resemblance, profiles: Sequence[Profile]
    ) -> Iterator[Proposal]:
        """Neighbouring sentences for one pain point are one passage."""
        pieces = list(sentences(turn.text))
        last: dict[int, Proposal] = {}
        for piece, scores in zip(pieces, by.scores([item.text for item in pieces]), strict=True):
            start, end = piece.start, piece.start + len(piece.text)
            for owner, (score, at) in scores.items():
                if score < (by.enough if self._enough is None else self._enough):
                    continue
                before = last.get(owner)
                gap = turn.text[before.end - turn.start : start] if before else None
                if before is not None and gap is not None and not gap.strip():
                    quote = turn.text[before.start - turn.start : end]
                    last[owner] = replace(
                        before, end=turn.start + end, quote=quote, score=max(before.score, score)
                    )
                    continue
                if before is not None:
                    yield before
                last[owner] = Proposal(
                    start=turn.start + start,
                    end=turn.start + end,
                    quote=piece.text,
                    pain=profiles[owner].id,
                    stance=by.stances[at] or "for",
                    score=round(score, 4),
                    like=by.ids[at],
                )
        yield from last.values()

    def code(self, passages: Sequence[str], profiles: Sequence[Profile], step: Step) -> Coded:
        by = Resemblance(profiles, self._encoder)
        readings = []
        for done, scores in enumerate(by.scores(passages)):
            step(done, len(passages))
            readings.append(
                frozenset(
                    profiles[owner].id
                    for owner, (score, _at) in scores.items()
                    if score >= by.enough
                )
            )
        return Coded(tuple(readings))

    def answer(self, question: str, passages: Sequence[Passage], step: Step) -> Answered:
        """The sentences nearest to the question, or to what they replied to, as they were said."""
        pieces = [(passage, piece) for passage in passages for piece in sentences(passage.text)]
        asked = telling(question)
        if not pieces or not asked:
            return Answered(())
        split = [terms(piece.text) for _passage, piece in pieces]
        okapi = Okapi(split)
        scores = okapi.scores(asked)
        step(1, 2)
        near = self._nearness(question, [piece.text for _passage, piece in pieces])
        before = {passage.replies_to: 0.0 for passage in passages if passage.replies_to}
        if before:
            before = dict(zip(before, self._nearness(question, list(before)), strict=True))
        ranked = []
        for at, (passage, _piece) in enumerate(pieces):
            replied = set(terms(passage.replies_to))
            own, all_shared = (
                len(set(asked) & words) for words in (set(split[at]), set(split[at]) | replied)
            )
            enough = all_shared >= min(2, len(asked)) and all_shared >= COVERED * len(asked)
            meant, asked_for = near[at], before.get(passage.replies_to, 0.0)
            if (enough and own) or meant >= NEAR or asked_for >= ASKED_NEAR:
                meaning = 6.0 * max(meant, 0.9 * asked_for)
                ranked.append((scores.get(at, 0.0) + meaning, -at))
        step(2, 2)
        return Answered(tuple(self._chosen(pieces, sorted(ranked, reverse=True))))

    def _nearness(self, question: str, texts: Sequence[str]) -> list[float]:
        if self._encoder is None:
            return [0.0] * len(texts)
        near: list[float] = (self._encoder(texts) @ self._encoder([question])[0]).tolist()
        return near

    def _chosen(
        self, pieces: Sequence[tuple[Passage, _Piece]], ranked: Sequence[tuple[float, int]]
    ) -> Iterator[Sentence]:
        used: dict[int, int] = {}
        told: set[str] = set()
        for _score, minus in ranked:
            passage, piece = pieces[-minus]
            if used.get(passage.id, 0) >= _A_PASSAGE or piece.text in told:
                continue
            used[passage.id] = used.get(passage.id, 0) + 1
            told.add(piece.text)
            end = piece.start + len(piece.text)
            yield Sentence(
                piece.text,
                (Citation(passage.id, piece.start, end, passage.text[piece.start : end]),),
            )
            if len(told) == _SENTENCES:
                return
