"""A shot's facts as the variables of a template, in the template's own register."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from generation.prompts import usual, words
from generation.prompts.templates import Template
from generation.story.look_words import describe, worn_at

VARIABLES: dict[str, tuple[str, ...]] = {
    "picture": (
        "count", "framing", "subjects", "looks", "action", "place", "daytime", "weather", "crowd",
        "period", "style",
    ),
    "storyboard": ("framings", "movements", "poses", "expressions", "places", "times", "weathers"),
}  # fmt: skip
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_LETTERS = re.compile(r"[A-Za-z]{3,}")
_CLAUSE = re.compile(r"[，。！？；：!?;:\n]|(?<=[a-z]{4})\. ")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in a shot as the prompt says it: `look` word for word, `said` all of it together."""

    id: str
    name: str
    look: str
    gender: str
    pose: str
    expression: str
    said: str


@dataclass(frozen=True, slots=True)
class Facts:
    """A shot in one register; `left_out` are facts that cannot be said in the template's language."""

    people: tuple[Person, ...]
    values: Mapping[str, str]
    left_out: tuple[str, ...]


def register_of(template: Template) -> int:
    if template.family == "tags":
        return words.TAGS
    return words.ENGLISH if template.english else words.CHINESE


def facts_of(
    template: Template,
    shot: Mapping[str, Any],
    cast: Mapping[str, Mapping[str, Any]],
    scene: Mapping[str, Any],
) -> Facts:
    """The values of the template's variables for one shot of storyboard.json.

    What the novel says in another language than the template's is said by the house's words where
    there are any (looks, kinds of place) and left out where there are none (names, actions).
    """
    register = register_of(template)
    setting = _setting(scene)
    people = tuple(_people(template, shot, cast, register))
    english = register != words.CHINESE
    left_out = []
    action = str(shot.get("action") or "")
    if action and not speaks(action, template.language):
        action = ""
        left_out.append("action")
    place = brief(str(scene.get("place") or ""))
    if place and (register == words.TAGS or not speaks(place, template.language)):
        left_out += [] if register == words.TAGS else ["place"]
        place = ""
    kind = _kind(setting)[register]
    if register != words.TAGS and any(not one.name for one in people):
        left_out.append("names")
    values = {
        "count": count_words([one.gender for one in people], register),
        "framing": words.FRAMING[str(shot["framing"])][register],
        "subjects": _joined([one.said for one in people], register),
        "looks": _joined([one.look for one in people], register),
        "action": action,
        "place": _where(place, kind, register),
        "daytime": words.DAYTIME.get(setting["daytime"], words.DAYTIME["day"])[register],
        "weather": words.WEATHER.get(setting["weather"], words.WEATHER["clear"])[register],
        "crowd": words.CROWD[register] if setting["crowd"] else "",
        "period": _period(setting)[register],
        "style": usual.style_of(setting, english=english),
    }
    if template.usual:
        values |= usual.values_of(
            [one.gender for one in people], str(shot["framing"]), setting, place, english=english
        )
    return Facts(people, values, tuple(left_out))


def _kind(setting: Mapping[str, Any]) -> words.Row:
    """The kind of place as it is called in its time: who sits in an inn today sits in a café."""
    now = words.PLACE_NOW if setting["period"] in ("modern", "scifi") else {}
    kind = setting["place_type"]
    return now.get(kind) or words.PLACE.get(kind, words.PLACE["plain"])


def _period(setting: Mapping[str, Any]) -> words.Row:
    west = words.PERIOD_WEST if setting.get("culture") == "west" else {}
    period = setting["period"]
    return west.get(period) or words.PERIOD.get(period, words.PERIOD["classical"])


def brief(words_of_a_novel: str) -> str:
    """A name as a name: its first clause, at most 40 characters. It stands in a prompt without a fence,
    so it may not go on in sentences.
    """
    flat = " ".join(words_of_a_novel.split())
    return _CLAUSE.split(flat, maxsplit=1)[0].strip()[:40].strip()


def _where(place: str, kind: str, register: int) -> str:
    """The novel's own name of a place with what kind it is, where the name does not say so."""
    if not place or place in kind:
        return kind
    if kind in place:
        return place
    return f"{place}（{kind}）" if register == words.CHINESE else f"{place}, {kind}"


def speaks(text: str, language: str) -> bool:
    """Whether words are in this language: no Chinese in English, no English sentence in Chinese."""
    if language == "en":
        return not _CHINESE.search(text)
    return bool(_CHINESE.search(text)) or not _LETTERS.search(text)


def _setting(scene: Mapping[str, Any]) -> dict[str, Any]:
    told = scene.get("setting") or {}
    usual = {"place_type": "plain", "daytime": "day", "weather": "clear", "period": "classical"}
    return {**usual, "crowd": False, **told}


def _people(
    template: Template,
    shot: Mapping[str, Any],
    cast: Mapping[str, Mapping[str, Any]],
    register: int,
) -> Iterator[Person]:
    entries: Sequence[Mapping[str, Any]] = shot.get("cast") or ()
    for place, entry in enumerate(entries):
        person = cast[str(entry["id"])]
        appearance = person.get("appearance") or {}
        slot = ""
        if len(entries) > 1:
            position = place / (len(entries) - 1)
            slot = "left" if position < 0.34 else "right" if position > 0.66 else "centre"
        name = brief(str(person.get("name") or ""))
        told = usual.Acting(
            name="" if register == words.TAGS or not speaks(name, template.language) else name,
            look=look_of(appearance, template.language),
            gender=str((appearance.get("traits") or {}).get("gender") or "unknown"),
            slot=slot,
            pose=str(entry.get("pose")),
            expression=str(entry.get("expression")),
            state=_state(appearance, int(shot.get("start") or 0), template.language),
        )
        person_of = _usual_person if template.usual else _person
        yield person_of(str(entry["id"]), told, register, len(entries))


def _person(who: str, told: usual.Acting, register: int, count: int) -> Person:
    pose = words.POSE.get(told.pose, words.POSE["stand"])[register]
    mood = words.EXPRESSION.get(told.expression, words.EXPRESSION["neutral"])[register]
    doing = (words.SLOT[told.slot][register], told.state, pose, mood)
    comma, colon = ("，", "：") if register == words.CHINESE else (", ", ": ")
    tail = comma.join([told.look, *(part for part in doing if part)])
    said = f"{told.name}{colon}{tail}" if told.name else tail
    return Person(who, told.name, told.look, told.gender, pose, mood, said)


def _usual_person(who: str, told: usual.Acting, register: int, count: int) -> Person:
    pose, mood, said = usual.acted(told, english=register != words.CHINESE, several=count > 1)
    return Person(who, told.name, told.look, told.gender, pose, mood, said)


def look_of(appearance: Mapping[str, Any], language: str) -> str:
    """The fixed look: as the storyboard has it, or by its traits where that is another language."""
    summary = str(appearance.get("summary") or "")
    if speaks(summary, language) or not appearance.get("traits"):
        return summary
    return describe(dict(appearance["traits"]), language == "en")


def _state(appearance: Mapping[str, Any], at: int, language: str) -> str:
    """What has changed of a look by then, as far as it is in the language."""
    worn = worn_at(appearance.get("states") or (), at)
    said = [summary for summary in worn if speaks(summary, language)]
    return (", " if language == "en" else "，").join(said)


def _joined(parts: Sequence[str], register: int) -> str:
    return ("；", "; ", ", ")[register].join(parts)


def count_words(genders: Sequence[str], register: int) -> str:
    """How many people the picture must have and no more: 两名男子，一名女子 / two men / 2boys."""
    if not genders:
        return words.EMPTY[register]
    parts = []
    for gender in ("male", "female", "unknown"):
        number = sum(1 for one in genders if one == gender)
        if not number:
            continue
        word = words.GENDER[gender][register]
        if register == words.CHINESE:
            spelled = words.NUMERALS_ZH[number] if number <= 10 else str(number)
            parts.append(f"{spelled}名{word}")
            continue
        single, many = word.split("|")
        noun = single if number == 1 else many
        if register == words.TAGS:
            parts.append(f"{number}{noun}")
        else:
            spelled = words.NUMERALS_EN[number] if number <= 10 else str(number)
            parts.append(f"{spelled} {noun}")
    if register == words.CHINESE:
        return "，".join(parts)
    if register == words.TAGS:
        return ", ".join([*parts, "solo"] if len(genders) == 1 else parts)
    return f"exactly {' and '.join(parts)}"
