"""What a run will make and cost, told before it starts."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from crm.bills.money import exponent
from crm.exceptions import DomainError
from engines.money import decimal_of, minor_of
from generation.models import Chapter, Novel
from generation.services.runs import MAX_SHOTS, MOST_FILM_SECONDS, density_within, shots_expected
from generation.services.texts import (
    OFFLINE,
    TextQuote,
    engine_choices,
    most_a_run_may_cost,
    text_quote,
)

# Characters of a text, its punctuation and spaces counted, that a narrator reads in a second:
# 4.5 Chinese characters or 2.6 English words, as the story room reckons shots.
READ_PER_SECOND = {"zh": 5.6, "en": 14.5}


@dataclass(frozen=True)
class Cheaper:
    """Another way that costs less; `cost` in main units."""

    label: str
    cost: str


@dataclass(frozen=True)
class Estimate:
    """`seconds` of film; `text` is what the text engine will take, None for the rules.

    `problem` says why it cannot be told (no price, no such engine).
    """

    chapters: int
    characters: int
    shots: int
    seconds: int
    too_many: bool
    text: TextQuote | None = None
    cheaper: tuple[Cheaper, ...] = ()
    problem: str = ""
    most: int = MAX_SHOTS

    @property
    def minutes(self) -> float:
        return round(self.seconds / 60, 1)

    @property
    def seconds_a_shot(self) -> float:
        return round(self.seconds / max(1, self.shots), 1)

    @property
    def tokens(self) -> int:
        return self.text.tokens if self.text else 0

    @property
    def work_minutes(self) -> float:
        """How long the text engine will think."""
        return round(self.text.seconds / 60, 1) if self.text else 0.0

    @property
    def currency(self) -> str:
        return self.text.currency if self.text else "CNY"

    @property
    def cost_minor(self) -> int:
        """Rounded up to minor units, as it will be booked."""
        return minor_of(self.text.cost_micro, exponent(self.currency)) if self.text else 0

    @property
    def cost(self) -> str:
        """In main units, at a precision that shows less than a fen."""
        return _shown(self.text.cost_micro) if self.text else "0"

    @property
    def cap(self) -> str:
        """The cap that is proposed."""
        most = min(self.text.most_micro, most_a_run_may_cost()) if self.text else 0
        return f"{decimal_of(most).normalize():f}"


def _shown(micro: int) -> str:
    """To a hundredth of a fen, rounded up."""
    return f"{decimal_of(-(-micro // 100) * 100).normalize():f}"


def run_estimate(
    novel: Novel,
    chapters: Sequence[Chapter],
    *,
    density: float,
    with_frames: bool,
    film_seconds: int | None = None,
    text_engine: str = OFFLINE,
) -> Estimate:
    """What a run would make, take and cost. The frame engine `sketch` and the rules cost nothing."""
    lengths = [chapter.length for chapter in chapters]
    length = sum(lengths)
    if length:
        density = density_within(density, length, film_seconds)
    shots = shots_expected(length, density) if length else 0
    english = novel.language.startswith("en")
    pace = READ_PER_SECOND["en" if english else "zh"]
    told, problem = None, ""
    if length:
        try:
            told = text_quote(text_engine, lengths, density=density, english=english)
        except DomainError as error:
            problem = str(error)
    return Estimate(
        chapters=len(chapters),
        characters=length,
        shots=shots,
        seconds=min(round(length / pace), film_seconds or MOST_FILM_SECONDS * 10),
        too_many=with_frames and shots > MAX_SHOTS,
        text=told,
        cheaper=_cheaper(told, lengths, density, english) if told else (),
        problem=problem,
    )


def _cheaper(
    told: TextQuote, lengths: Sequence[int], density: float, english: bool
) -> tuple[Cheaper, ...]:
    """Half the shots, other engines in the same currency, and the rules; only what costs less."""
    ways = []
    half = text_quote(told.engine, lengths, density=density / 2, english=english)
    if half is not None:
        ways.append((half.cost_micro, _("half as many shots")))
    for name, title in engine_choices():
        if name == told.engine:
            continue
        try:
            other = text_quote(name, lengths, density=density, english=english)
        except DomainError:
            continue  # an engine without a price is no way to save
        if other is not None and other.currency == told.currency:
            ways.append((other.cost_micro, title))
    ways.append((0, _("offline rules")))
    kept = sorted((cost, label) for cost, label in ways if cost < told.cost_micro)
    return tuple(Cheaper(label, _shown(cost)) for cost, label in reversed(kept))
