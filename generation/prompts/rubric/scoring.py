"""From findings and ratings to one score, with its reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from generation.prompts.errors import PromptError
from generation.prompts.rubric.checks import CHECKS, variables_known
from generation.prompts.rubric.findings import Finding
from generation.prompts.templates import Template

# What people rate from 1 to 5, because no check sees it.
CRITERIA = ("concrete", "ordered", "faithful", "one_style", "reusable")
# What a failed check takes from 100; a warning takes a quarter of it.
WEIGHTS = {
    "variables_known": 100, "variables_used": 25, "count_first": 15, "look_verbatim": 25,
    "length": 20, "contradictions": 15, "negative": 12, "untranslated": 20, "injection": 30,
    "economy": 8, "contract": 40,
}  # fmt: skip
RATED_SHARE = 0.4
"""How much of the score the ratings make once somebody has rated."""


@dataclass(frozen=True, slots=True)
class Report:
    """A template judged. `score` 0 to 100; `good` where nothing failed."""

    findings: tuple[Finding, ...]
    checked: int
    score: int

    @property
    def failures(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.level == "failed")

    @property
    def warnings(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.level == "warning")

    @property
    def good(self) -> bool:
        return not self.failures

    def to_dict(self) -> dict[str, object]:
        return {"score": self.score, "findings": [finding.to_dict() for finding in self.findings]}


def judge(template: Template, ratings: Mapping[str, Sequence[int]] | None = None) -> Report:
    """Run every check; a template whose variables are not known is not tried further.

    `ratings`: criterion → the ratings 1 to 5 that people gave. Raises PromptError `rating` for a
    criterion that is not there or a rating outside 1 to 5.
    """
    first = variables_known(template)
    if first.level == "failed":
        findings: tuple[Finding, ...] = (first,)
    else:
        findings = tuple(check(template) for check in CHECKS.values())
    checked = _checked(findings)
    return Report(findings, checked, score_of(checked, ratings or {}))


def _checked(findings: Sequence[Finding]) -> int:
    share = {"passed": 0.0, "warning": 0.25, "failed": 1.0}
    lost = sum(WEIGHTS[finding.check] * share[finding.level] for finding in findings)
    return max(0, round(100 - lost))


def score_of(checked: int, ratings: Mapping[str, Sequence[int]]) -> int:
    """The checks' score joined with the mean rating, where there is one."""
    means = []
    for criterion, given in ratings.items():
        if criterion not in CRITERIA or any(not 1 <= rating <= 5 for rating in given):
            raise PromptError("rating", f"{criterion}: rate 1 to 5 by {', '.join(CRITERIA)}.")
        if given:
            means.append(sum(given) / len(given))
    if not means:
        return checked
    rated = (sum(means) / len(means) - 1) * 25
    return round(checked * (1 - RATED_SHARE) + rated * RATED_SHARE)
