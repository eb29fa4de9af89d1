"""What a run will make and cost, told before it starts."""

from collections.abc import Sequence
from dataclasses import dataclass

from generation.models import Chapter, Novel
from generation.services.runs import MAX_SHOTS, shots_expected

# Characters of a text, its punctuation and spaces counted, that a narrator reads in a second:
# 4.5 Chinese characters or 2.6 English words, as the story room reckons shots.
READ_PER_SECOND = {"zh": 5.6, "en": 14.5}


@dataclass(frozen=True)
class Estimate:
    """`seconds` of film; tokens and money (minor units of `currency`) that engines will bill."""

    chapters: int
    characters: int
    shots: int
    seconds: int
    tokens: int
    cost_minor: int
    currency: str
    too_many: bool
    most: int = MAX_SHOTS

    @property
    def minutes(self) -> float:
        return round(self.seconds / 60, 1)

    @property
    def seconds_a_shot(self) -> float:
        return round(self.seconds / max(1, self.shots), 1)


def run_estimate(
    novel: Novel, chapters: Sequence[Chapter], *, density: float, with_frames: bool
) -> Estimate:
    """Tokens and money are 0: the text engine `offline` and the frame engine `sketch` call nobody."""
    length = sum(chapter.length for chapter in chapters)
    shots = shots_expected(length, density) if length else 0
    pace = READ_PER_SECOND["en" if novel.language.startswith("en") else "zh"]
    return Estimate(
        chapters=len(chapters),
        characters=length,
        shots=shots,
        seconds=round(length / pace),
        tokens=0,
        cost_minor=0,
        currency="CNY",
        too_many=with_frames and shots > MAX_SHOTS,
    )
