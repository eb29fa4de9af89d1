"""The way of a chat engine: asked in portions, checked like everybody else."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from engines.chat import ChatRequest
from insights.assistants import checking, prompts
from insights.assistants.model import (
    Answered,
    Coded,
    Passage,
    Profile,
    Proposal,
    Said,
    Step,
    Suggested,
)

Ask = Callable[[ChatRequest], dict[str, Any] | None]
"""Buys the answer to a request: its JSON object, or None where there was none in it."""

PORTION = 5_000  # characters of transcript in one request
PASSAGES = 20


class Chatting:
    def __init__(self, name: str, ask: Ask) -> None:
        self.name = name
        self._ask = ask

    def suggest(self, said: Sequence[Said], profiles: Sequence[Profile], step: Step) -> Suggested:
        portions = list(_portions(said))
        found: list[Proposal] = []
        dropped = 0
        for done, portion in enumerate(portions):
            step(done, len(portions))
            offers = prompts.rows(self._ask(prompts.suggest(portion, profiles)), "suggestions")
            part = checking.proposals(offers, portion, profiles)
            found.extend(part.proposals)
            dropped += part.dropped
        step(len(portions), len(portions))
        return Suggested(tuple(found), dropped)

    def code(self, passages: Sequence[str], profiles: Sequence[Profile], step: Step) -> Coded:
        pains = {profile.id for profile in profiles}
        readings: list[frozenset[int] | None] = []
        dropped = 0
        for at in range(0, len(passages), PASSAGES):
            step(at, len(passages))
            portion = passages[at : at + PASSAGES]
            told = prompts.rows(self._ask(prompts.code(portion, profiles)), "readings")
            read: dict[int, frozenset[int]] = {}
            for item in told:
                place, seen = item.get("passage"), item.get("pains")
                if not isinstance(place, int) or not isinstance(seen, list):
                    dropped += 1
                    continue
                known = frozenset(pain for pain in seen if isinstance(pain, int) and pain in pains)
                dropped += len(seen) - len(known)
                read[place] = known
            readings.extend(read.get(place) for place in range(len(portion)))
        step(len(passages), len(passages))
        return Coded(tuple(readings), dropped)

    def answer(self, question: str, passages: Sequence[Passage], step: Step) -> Answered:
        if not passages:
            return Answered(())
        step(0, 1)
        told = self._ask(prompts.answer(question, passages))
        step(1, 1)
        return checking.answer(prompts.rows(told, "sentences"), passages)


def _portions(said: Sequence[Said]) -> Iterator[list[Said]]:
    portion: list[Said] = []
    length = 0
    for item in said:
        if portion and length + len(item.text) > PORTION:
            yield portion
            portion, length = [], 0
        portion.append(item)
        length += len(item.text)
    if portion:
        yield portion
