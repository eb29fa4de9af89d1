"""What is refused before money is spent: a shot whose request does not say who is in it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from generation.frames.binding import Binding
from generation.frames.seeds import POLICY


@dataclass(frozen=True, slots=True)
class Refusal:
    """`code` and whom it is about, for translation; `names` are the characters' names."""

    code: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Judgement:
    """`bound` of `expected` characters are in the request; `integrity` is the share of the fixed
    looks' words that stand in it verbatim, 1.0 where nobody is expected."""

    expected: int
    bound: int
    integrity: float
    refusals: tuple[Refusal, ...]

    @property
    def passes(self) -> bool:
        return not self.refusals


def judge(
    binding: Binding,
    *,
    regions: Collection[str] | None = None,
    reference_for: Collection[str] = (),
) -> Judgement:
    """The gate. `regions` are the characters that the request gives a part of the picture (None:
    the engine has none), `reference_for` those that a reference picture is sent of."""
    refusals: list[Refusal] = []
    expected = binding.expected
    beyond = len(binding.crowd)
    bound = [person for person in binding.people if _said(person.told, person.name, binding)]
    missing = tuple(p.name for p in binding.people if p not in bound)
    if missing:
        refusals.append(Refusal("look_not_in_prompt", missing))
    if regions is not None and len(binding.people) > 1:
        lost = tuple(p.name for p in binding.people if p.id not in regions)
        if lost:
            refusals.append(Refusal("no_region", lost))
    strangers = set(regions or ()) | set(reference_for)
    strangers -= {person.id for person in binding.people}
    if strangers:
        refusals.append(Refusal("stranger", tuple(sorted(strangers))))
    if len(bound) + beyond != expected and not missing:
        refusals.append(Refusal("count"))
    empty = tuple(person.name for person in binding.people if not person.told.strip())
    if empty:
        refusals.append(Refusal("no_look", empty))
    if binding.policy != POLICY:
        refusals.append(Refusal("old_policy"))
    return Judgement(expected, len(bound) + beyond, integrity(binding), tuple(refusals))


def _said(block: str, name: str, binding: Binding) -> bool:
    return block in binding.prompt and (not block or not binding.named or name in binding.prompt)


def integrity(binding: Binding) -> float:
    """The share of the characters' fixed looks, by length, that the prompt holds verbatim."""
    whole = sum(len(person.told) for person in binding.people)
    if not whole:
        return 1.0
    there = sum(len(p.told) for p in binding.people if p.told in binding.prompt)
    return there / whole
