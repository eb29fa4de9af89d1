"""What a check says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Level = Literal["passed", "warning", "failed"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One check's word: `reason` says what was found ("" where passed), `facts` what fills it in.

    Pages have the words of each (check, reason) in both languages.
    """

    check: str
    level: Level
    reason: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)

    def to_dict(self) -> dict[str, object]:
        return {
            "check": self.check,
            "level": self.level,
            "reason": self.reason,
            "facts": dict(self.facts),
        }

    def __str__(self) -> str:
        told = ", ".join(f"{name}={value}" for name, value in self.facts.items())
        return f"{self.check}: {self.level} {self.reason} {told}".strip()


def passed(check: str) -> Finding:
    return Finding(check, "passed")


def warned(check: str, reason: str, **facts: object) -> Finding:
    return Finding(check, "warning", reason, {name: str(value) for name, value in facts.items()})


def failed(check: str, reason: str, **facts: object) -> Finding:
    return Finding(check, "failed", reason, {name: str(value) for name, value in facts.items()})
