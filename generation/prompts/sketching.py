"""The sketch engine as a reader of prompts: it draws what the words say, not what the board knows.

So that templates differ under an engine that costs nothing: a look that the prompt lacks, or that
lies beyond the encoder's window, is drawn as anybody's; what is not said of framing, pose, place,
time and weather is drawn as usual. `carried` says how much of the shot its prompt carries.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from generation import frames
from generation.prompts.compiling import Prompt
from generation.prompts.templates import Template

VERSION = "sketch-reader@1"
_PLAIN = "#b8b2a7"
_PLAINER = "#8d877c"


@dataclass(frozen=True, slots=True)
class Carried:
    """Facts of the shot that stand in the prompt where its encoder reads them, and all it has."""

    said: frozenset[str]
    known: frozenset[str]

    @property
    def share(self) -> float:
        return len(self.said) / len(self.known) if self.known else 1.0


def carried(template: Template, prompt: Prompt, shot: Mapping[str, Any]) -> Carried:
    """Which facts reach the engine. A fact that the template's language cannot say is not said."""
    heard = prompt.family.within(prompt.positive)
    values = prompt.facts.values
    known, said = {"count", "framing", "place", "daytime"}, set()
    for name in ("weather", "crowd"):
        if values[name]:
            known.add(name)
    if shot.get("action"):
        known.add("action")
    for name in known:
        if values[name] and values[name] in heard:
            said.add(name)
    for one in prompt.facts.people:
        for part, words_said in (("look", one.look), ("pose", one.pose), ("mood", one.expression)):
            known.add(f"{part}:{one.id}")
            if words_said in heard:
                said.add(f"{part}:{one.id}")
    return Carried(frozenset(said), frozenset(known))


def reduced(
    template: Template,
    prompt: Prompt,
    shot: Mapping[str, Any],
    cast: Mapping[str, Mapping[str, Any]],
    scene: Mapping[str, Any],
) -> tuple[dict[str, Any], dict[str, dict[str, Any]], dict[str, Any]]:
    """Shot, cast and scene with only what the prompt says."""
    found = carried(template, prompt, shot).said
    entries, people = [], {}
    for entry in shot.get("cast") or ():
        who = str(entry["id"])
        entries.append(
            {
                **entry,
                "pose": entry.get("pose") if f"pose:{who}" in found else "stand",
                "expression": entry.get("expression") if f"mood:{who}" in found else "neutral",
            }
        )
        people[who] = dict(cast[who]) if f"look:{who}" in found else _anybody(cast[who])
    setting = dict(scene.get("setting") or {})
    if "weather" not in found:
        setting["weather"] = "clear"
    if "crowd" not in found:
        setting["crowd"] = False
    if "daytime" not in found:
        setting["daytime"] = "day"
    told = {
        **shot,
        "cast": entries if "count" in found else entries[:1],
        "framing": shot["framing"] if "framing" in found else "medium",
        "action": shot.get("action", "") if "action" in found else "",
        "lines": [],
    }
    return told, people, {**scene, "setting": setting}


def _anybody(person: Mapping[str, Any]) -> dict[str, Any]:
    appearance = dict(person.get("appearance") or {})
    traits = {**(appearance.get("traits") or {}), "colours": [_PLAIN, _PLAINER]}
    return {**person, "appearance": {**appearance, "traits": traits, "summary": ""}}


def draw_said(
    template: Template,
    prompt: Prompt,
    shot: Mapping[str, Any],
    cast: Mapping[str, Mapping[str, Any]],
    scene: Mapping[str, Any],
    size: tuple[int, int],
) -> bytes:
    """PNG of what the prompt says. Raises generation.frames' errors."""
    told, people, place = reduced(template, prompt, shot, cast, scene)
    style = str(template.settings.get("style", "ink"))
    return frames.draw(told, cast=people, scene=place, size=size, style=style).to_png()


def drawing_key(
    template: Template,
    prompt: Prompt,
    shot: Mapping[str, Any],
    cast: Mapping[str, Mapping[str, Any]],
    scene: Mapping[str, Any],
    size: tuple[int, int],
) -> str:
    """SHA-256 of all that decides `draw_said`: equal keys, equal pictures."""
    told, people, place = reduced(template, prompt, shot, cast, scene)
    facts = [VERSION, told, people, place, list(size), template.settings.get("style", "ink")]
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True)
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
