"""The one way from a template and a shot to the words that an engine gets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from engines.chat import ChatRequest, Complete, Message, PaidAnswer
from generation.prompts.errors import PromptError
from generation.prompts.facts import Facts, facts_of
from generation.prompts.families import FAMILIES, Family
from generation.prompts.syntax import render
from generation.prompts.templates import Template
from generation.story.chat import wording

__all__ = ["Prompt", "board_with", "compile_shot", "instructions_of", "told_by"]


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is sent for one shot; `facts` are what its words were made of.

    `common` are the words without anybody's, `apart` each person's own: for engines with regions.
    """

    template: str
    positive: str
    negative: str
    facts: Facts
    family: Family
    common: str = ""
    apart: Mapping[str, str] = field(default_factory=dict)

    @property
    def tokens(self) -> int:
        """Of the positive words, as the family counts them."""
        return self.family.tokens(self.positive)

    @property
    def left_out(self) -> tuple[str, ...]:
        """Facts that cannot be said in the template's language."""
        return self.facts.left_out

    def to_dict(self) -> dict[str, str]:
        """The `prompt` of storyboard.schema.json."""
        return {"template": self.template, "positive": self.positive, "negative": self.negative}


def compile_shot(
    template: Template,
    shot: Mapping[str, Any],
    *,
    cast: Mapping[str, Mapping[str, Any]],
    scene: Mapping[str, Any],
) -> Prompt:
    """The prompt of a shot of storyboard.json; equal input gives equal words.

    Raises PromptError: `kind` for a template that makes storyboards, `syntax`, `unknown_variable`.
    """
    if template.makes != "picture":
        raise PromptError(
            "kind", f"{template.name} makes storyboards; choose one that makes pictures."
        )
    facts = facts_of(template, shot, cast, scene)
    family = FAMILIES[template.family]
    positive = render(template.body, facts.values)
    negative = template.negative if family.negative else ""
    common = render(template.body, {**facts.values, "subjects": "", "looks": ""})
    apart = {one.id: one.said for one in facts.people}
    return Prompt(template.name, positive, negative, facts, family, common, apart)


def board_with(template: Template, board: dict[str, Any]) -> dict[str, Any]:
    """The storyboard with every shot's prompt written by this template."""
    cast = {item["id"]: item for item in board["cast"]}
    scenes = {item["index"]: item for item in board["scenes"]}
    shots = [
        {
            **shot,
            "prompt": compile_shot(
                template, shot, cast=cast, scene=scenes[shot["scene"]]
            ).to_dict(),
        }
        for shot in board["shots"]
    ]
    return {**board, "shots": shots}


def instructions_of(template: Template) -> str:
    """What a chat model is told about every chapter. Raises PromptError `kind` for the others."""
    if template.makes != "storyboard":
        raise PromptError("kind", f"{template.name} makes pictures; choose one that directs text.")
    return render(
        template.body,
        {
            "framings": " ".join(wording.FRAMINGS),
            "movements": " ".join(wording.MOVEMENTS[1:]),
            "poses": " ".join(wording.POSES),
            "expressions": " ".join(wording.EXPRESSIONS),
            "places": " ".join(wording.PLACES),
            "times": " ".join(wording.TIMES),
            "weathers": " ".join(wording.WEATHERS),
        },
    )


def told_by(template: Template, complete: Complete) -> Complete:
    """`complete` with the template's instructions in the place of the story room's own.

    The material, the schema and everything that reads the answer stay the story room's.
    """
    instructions = Message("system", instructions_of(template))

    def asked(request: ChatRequest) -> PaidAnswer:
        messages = (instructions, *request.messages[1:])
        return complete(replace(request, messages=messages))

    return asked
