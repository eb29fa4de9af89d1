"""One binding of a shot's characters, from which every engine's request is compiled.

What a character looks like is one block of words that stands in every prompt as it is; where it
stands is one box, from which regions, masks and the words left, centre and right all come.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from generation.frames.blocking import MOST_BOUND, Box, resolved, slot_of, spots_of
from generation.frames.errors import BadShotError, UnknownCharacterError
from generation.frames.seeds import POLICY, seed_of
from generation.frames.sketch.look import traits_of
from generation.story.look_words import worn_at
from generation.story.prompts import (
    TEMPLATES,
    PromptTemplate,
    Subject,
    common_words,
    subject_words,
    template_named,
    write,
)

_SETTING = {
    "kind": "exterior", "period": "classical", "place_type": "plain", "daytime": "day",
    "weather": "clear", "crowd": False,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bound:
    """One character of the shot. `block` is the fixed look, verbatim; `words` all that is said of
    it, with block, state, place, pose and expression; `box` where it alone is. `said` is the look in
    a prompt of another language, "" where the prompt says `block`."""

    id: str
    name: str
    block: str
    state: str
    slot: str
    box: Box
    words: str
    said: str = ""

    @property
    def told(self) -> str:
        """The look as the prompt has to hold it."""
        return self.said or self.block


@dataclass(frozen=True, slots=True)
class Binding:
    """A shot ready to be compiled. `crowd` are characters beyond the six that can be kept apart;
    `prompt` says all in one text, `common` the same without the characters. `named` is False where
    the prompt's language has no names (tags, a name in another script)."""

    shot: int
    people: tuple[Bound, ...]
    crowd: tuple[str, ...]
    expected: int
    prompt: str
    common: str
    negative: str
    seed: int
    policy: str
    template: str
    edited: bool
    named: bool = True


def bind(
    shot: Mapping[str, Any],
    *,
    cast: Mapping[str, Mapping[str, Any]],
    scene: Mapping[str, Any],
    book: str = "",
    take: int = 0,
    template: str | PromptTemplate = "offline-zh@1",
    english: bool = False,
) -> Binding:
    """The binding of a shot of storyboard.json. `book` is the novel's digest, for the seed.

    A prompt that somebody has edited (`prompt.edited`) is taken as it stands; whether it still
    holds every look is the gate's to say. Raises UnknownCharacterError, BadShotError.
    """
    entries = _entries(shot)
    for entry in entries:
        if entry["id"] not in cast:
            raise UnknownCharacterError(shot.get("index"), str(entry["id"]))
    chosen = _template(shot, template, english)
    kept, crowd = _kept(shot, entries)
    spots = spots_of({"cast": kept})
    boxes = resolved([spot.box for spot in spots])
    ordered = sorted(zip(kept, boxes, strict=True), key=lambda row: row[1][0] + row[1][2] / 2)
    subjects, people = [], []
    for order, (entry, box) in enumerate(ordered):
        slot = slot_of(order, len(ordered), _mid(box))
        subject = _subject(entry, cast[entry["id"]], shot, slot, chosen.english)
        subjects.append(subject)
        people.append(
            Bound(
                id=entry["id"],
                name=subject.name,
                block=subject.summary,
                state=subject.state,
                slot=subject.slot,
                box=box,
                words=subject_words(subject, chosen.english, several=len(ordered) > 1),
            )
        )
    told: dict[str, Any] = {
        "framing": _known(shot.get("framing")),
        "action": str(shot.get("action") or ""),
        "setting": _setting(scene, bool(crowd)),
        "place": scene.get("place") or None,
    }
    prompt = shot.get("prompt") if isinstance(shot.get("prompt"), Mapping) else {}
    edited = bool(prompt and prompt.get("edited"))
    written = write(chosen, subjects, **told)
    return Binding(
        shot=int(shot.get("index") or 0),
        people=tuple(people),
        crowd=tuple(crowd),
        expected=len(entries),
        prompt=str(prompt["positive"]) if edited else written["positive"],  # type: ignore[index]
        common=common_words(chosen, subjects, **told),
        negative=str(prompt["negative"]) if edited else written["negative"],  # type: ignore[index]
        seed=seed_of(book, [entry["id"] for entry in entries], str(scene.get("place") or ""), take),
        policy=POLICY,
        template=chosen.name,
        edited=edited,
    )


def _entries(shot: Mapping[str, Any]) -> list[dict[str, Any]]:
    raw = shot.get("cast") or []
    if not isinstance(raw, Sequence) or isinstance(raw, str):
        raise BadShotError(shot.get("index"), "cast", "give a list of characters")
    seen: set[str] = set()
    for order, entry in enumerate(raw):
        if not isinstance(entry, Mapping) or not isinstance(entry.get("id"), str):
            raise BadShotError(shot.get("index"), f"cast[{order}]", "give an object with an id")
        if entry["id"] in seen:
            raise BadShotError(
                shot.get("index"), f"cast[{order}]", f"{entry['id']} stands in the shot already"
            )
        seen.add(entry["id"])
    return [dict(entry) for entry in raw]


def _kept(
    shot: Mapping[str, Any], entries: list[dict[str, Any]]
) -> tuple[list[dict[str, Any]], list[str]]:
    """At most six: who speaks first, then who is drawn largest; the others are the crowd."""
    if len(entries) <= MOST_BOUND:
        return entries, []
    lines = shot.get("lines") or ()
    speakers = {line.get("speaker") for line in lines if isinstance(line, Mapping)}
    sizes = {spot.id: spot.box[2] * spot.box[3] for spot in spots_of(shot)}
    ranked = sorted(
        range(len(entries)),
        key=lambda at: (entries[at]["id"] not in speakers, -sizes[entries[at]["id"]], at),
    )
    chosen = set(ranked[:MOST_BOUND])
    return (
        [entry for at, entry in enumerate(entries) if at in chosen],
        [str(entry["id"]) for at, entry in enumerate(entries) if at not in chosen],
    )


def _template(
    shot: Mapping[str, Any], template: str | PromptTemplate, english: bool
) -> PromptTemplate:
    if isinstance(template, PromptTemplate):
        return template
    prompt = shot.get("prompt")
    named = prompt.get("template") if isinstance(prompt, Mapping) else None
    if isinstance(named, str) and named in TEMPLATES:
        return TEMPLATES[named]
    return template_named(template, english)


def _mid(box: Box) -> float:
    return box[0] + box[2] / 2


def _known(framing: object) -> str:
    known = (
        "extreme_long", "long", "full", "medium", "medium_close_up", "close_up",
        "extreme_close_up",
    )  # fmt: skip
    return framing if isinstance(framing, str) and framing in known else "medium"


def _setting(scene: Mapping[str, Any], crowd: bool) -> dict[str, Any]:
    told = scene.get("setting")
    merged = {**_SETTING, **(told if isinstance(told, Mapping) else {})}
    return {**merged, "crowd": merged["crowd"] or crowd}


def _subject(
    entry: Mapping[str, Any],
    person: Mapping[str, Any],
    shot: Mapping[str, Any],
    slot: str,
    english: bool,
) -> Subject:
    at = shot.get("start") if isinstance(shot.get("start"), int) else None
    traits = traits_of(person, at)
    appearance = person.get("appearance")
    appearance = appearance if isinstance(appearance, Mapping) else {}
    worn = [] if at is None else worn_at(appearance.get("states") or (), at)
    return Subject(
        name=str(person.get("name") or entry["id"]),
        summary=str(appearance.get("summary") or ""),
        gender=str(traits.get("gender") or "unknown"),
        age=str(traits.get("age") or "adult"),
        species=str(traits.get("species") or "human"),
        pose=_word(entry.get("pose"), "stand"),
        expression=_word(entry.get("expression"), "neutral"),
        slot=slot,
        state=(", " if english else "，").join(worn),
    )


def _word(value: object, fallback: str) -> str:
    return value if isinstance(value, str) and value in KNOWN_WORDS else fallback


KNOWN_WORDS = frozenset({
    "stand", "sit", "walk", "run", "kneel", "bow", "point", "fight", "ride", "lie", "write", "hold",
    "talk", "neutral", "happy", "angry", "sad", "surprised", "afraid", "determined", "thoughtful",
})  # fmt: skip
