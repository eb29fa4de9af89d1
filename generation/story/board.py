"""The reduce step: drafts of chapters, in any order, to one storyboard."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from generation.story.abridging import abridge
from generation.story.casting import Casting, assemble
from generation.story.corrections import Correction, Look, look_for
from generation.story.dialogue import Line
from generation.story.direction import Direction, ShotTold, join_people
from generation.story.drafts import ChapterDraft, SceneDraft
from generation.story.look_words import worn_at
from generation.story.looks import chosen_look
from generation.story.mentions import Mentions
from generation.story.model import Cancelled, Chapter, Storyboard, StoryError, Text, sha256_of
from generation.story.names import Evidence
from generation.story.prompts import PromptTemplate, Subject, template_named, write
from generation.story.quotes import Quote
from generation.story.receipts import bill_shots, usage_of
from generation.story.scenes import is_interior
from generation.story.script import fold
from generation.story.shots import duration_ms
from generation.story.speakers import speakers
from generation.story.staging import (
    boxes,
    expression_of,
    framing_of,
    movement_of,
    pose_of,
    scene_order,
    slots,
    summary_words,
)
from generation.story.world import World, world_of

__all__ = ["Progress", "reduce_drafts"]

Progress = Callable[[str, int, int], None]

_CHINESE_PRONOUNS = ("他", "她", "它")
_NO_USAGE = {
    "text_engine": "offline", "frame_engine": "none", "calls": 0, "input_tokens": 0,
    "output_tokens": 0, "cached_calls": 0, "cost": "0.00", "currency": "CNY",
}  # fmt: skip
# Code points after which nobody speaks of a wound any more.
_ACTION_LIMIT = {"zh": 48, "en": 110}


def reduce_drafts(
    text: Text,
    chapters: Sequence[Chapter],
    drafts: Collection[ChapterDraft],
    *,
    title: str = "",
    template: str | PromptTemplate = "offline-zh@1",
    corrections: Sequence[Correction] = (),
    looks: Mapping[str, Look] | None = None,
    seconds: float | None = None,
    on_progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Storyboard:
    """One storyboard out of the drafts of the wanted chapters; `seconds` is the film's length.

    Neither the order of `drafts` nor who made them matters. Raises StoryError `stale_draft` where
    a draft is of another text, `no_chapters` where there is none, Cancelled.
    """
    ordered = sorted(drafts, key=lambda draft: draft["index"])
    _check(text, chapters, ordered)
    english = text.language == "en"
    board = _Board(
        text=text,
        folded=fold(text.text),
        english=english,
        template=template_named(template, english),
        title=title or text.title,
        corrections=corrections,
        looks=looks or {},
    )
    board.cast_people(ordered, [(c.start, c.end) for c in chapters], cancelled)
    for done, draft in enumerate(ordered):
        if cancelled and cancelled():
            raise Cancelled("shots")
        board.add_chapter(draft)
        if on_progress:
            on_progress("shots", done + 1, len(ordered))
    if seconds is not None:
        abridge(board.shots, seconds)
    return board.finish(chapters, ordered)


def _check(text: Text, chapters: Sequence[Chapter], drafts: Sequence[ChapterDraft]) -> None:
    if not drafts:
        raise StoryError("no_chapters", "No chapter was chosen: choose at least one.")
    bounds = {chapter.index: (chapter.start, chapter.end) for chapter in chapters}
    seen: set[int] = set()
    for draft in drafts:
        index = draft["index"]
        fresh = bounds.get(index) == (draft["start"], draft["end"]) and draft[
            "sha256"
        ] == sha256_of(text.text[draft["start"] : draft["end"]])
        if not fresh or index in seen:
            raise StoryError(
                "stale_draft",
                f"The draft of chapter {index} is not of this text or comes twice: map it again.",
                index=index,
            )
        seen.add(index)


@dataclass(slots=True)
class _Board:
    text: Text
    folded: str
    english: bool
    template: PromptTemplate
    title: str
    corrections: Sequence[Correction] = ()
    looks: Mapping[str, Look] = field(default_factory=dict)
    # Where the chapter's story begins: its heading is on a card and in no shot's words.
    _told: int = 0
    casting: Casting = field(init=False)
    direction: Direction = field(init=False)
    world: World = field(init=False)
    scenes: list[dict[str, Any]] = field(default_factory=list)
    shots: list[dict[str, Any]] = field(default_factory=list)
    _states: dict[int, list[dict[str, Any]]] = field(default_factory=dict)

    def cast_people(
        self,
        drafts: Sequence[ChapterDraft],
        whole: Sequence[tuple[int, int]],
        cancelled: Callable[[], bool] | None,
    ) -> None:
        evidence = Evidence()
        quoted: list[tuple[int, int]] = []
        for draft in drafts:
            evidence.add_dict(draft["evidence"])
            quoted += [(row[0], row[1]) for row in draft["quotes"]]
        if cancelled and cancelled():
            raise Cancelled("cast")
        self.world = world_of(self.folded, self.text.language)
        self.casting = assemble(
            self.text.text,
            self.folded,
            [(draft["start"], draft["end"]) for draft in drafts],
            evidence,
            quoted,
            title=self.title,
            language=self.text.language,
            sha=self.text.sha256,
            world=self.world,
            corrections=self.corrections,
            whole=whole,
        )
        directed = [draft["direction"] for draft in drafts if "direction" in draft]
        split = [(c.name, c.other) for c in self.corrections if c.kind == "split"]
        self.casting = join_people(self.casting, directed, split)
        if self.looks:
            self._dress()
        for who, person in enumerate(self.casting.people):
            if person.appearance["states"]:
                self._states[who] = person.appearance["states"]

    def _dress(self) -> None:
        """The looks that the reader chose, instead of those that were read or invented."""
        people = list(self.casting.people)
        for who, person in enumerate(people):
            if look := look_for(person.name, person.aliases, self.looks):
                appearance = chosen_look(
                    person.appearance, look.traits, look.further, english=self.english
                )
                people[who] = replace(person, appearance=appearance)
        self.casting = replace(self.casting, people=tuple(people))

    def add_chapter(self, draft: ChapterDraft) -> None:
        spoken = [Quote(a, b, continued=bool(goes_on)) for a, b, goes_on in draft["quotes"]]
        self.direction = Direction.of(draft.get("direction"), self.casting)
        lines = speakers(
            self.folded, draft["start"], draft["end"], spoken, self.casting, self.text.language
        )
        lines = self.direction.spoken(lines)
        self._told = draft.get("told", draft["start"])
        inherited: dict[str, Any] = {}
        for scene in draft["scenes"]:
            inherited = self._add_scene(draft["index"], scene, lines, inherited)

    def _add_scene(
        self, chapter: int, scene: SceneDraft, lines: Sequence[Line], before: dict[str, Any]
    ) -> dict[str, Any]:
        told = scene["setting"]
        place_type = told["place_type"] or before.get("place_type") or self._default_place()
        # Night and rain last until the text says otherwise, or another day begins.
        carried = {} if told.get("leaps") else before
        setting = {
            "kind": "interior" if is_interior(place_type) else "exterior",
            "period": self.world.period,
            "culture": self.world.culture,
            "place_type": place_type,
            "daytime": told["daytime"] or carried.get("daytime") or "day",
            "weather": told["weather"] or carried.get("weather") or "clear",
            "crowd": told["crowd"],
        }
        place = told["place"] or before.get("place")
        index = len(self.scenes)
        ends = [*scene["shots"][1:], scene["end"]]
        line_ends = [line.end for line in lines]
        line_starts = [line.start for line in lines]
        views: list[_View] = []
        there: list[int] = []
        for start, end in zip(scene["shots"], ends, strict=True):
            own = lines[bisect_right(line_ends, start) : bisect_left(line_starts, end)]
            view = _View.of(self, start, max(start, self._told), end, own, there)
            view.told = self.direction.shot(start)
            view.acting = self.direction.seen(view.told)
            if view.acting is not None:
                view.seen = list(view.acting)
            there = view.seen or there
            views.append(view)
        people = self.casting.people
        entries = [people[who].id for view in views for who in view.seen]
        order = scene_order(entries)
        for turn, view in enumerate(views):
            self.shots.append(self._shot(view, index, turn, order, setting, place))
        self.scenes.append(
            {
                "index": index,
                "chapter": chapter,
                "start": scene["start"],
                "end": scene["end"],
                "place": place,
                "time": told["time"],
                "cast": list(dict.fromkeys(entries)),
                "setting": setting,
            }
        )
        return {
            "place": place,
            "place_type": place_type,
            "daytime": setting["daytime"],
            "weather": setting["weather"],
        }

    def _default_place(self) -> str:
        return {"modern": "room", "scifi": "room", "fantasy": "mountain"}.get(
            self.world.period, "hall"
        )

    def _shot(
        self,
        view: _View,
        scene: int,
        turn: int,
        order: dict[str, int],
        setting: dict[str, Any],
        place: str | None,
    ) -> dict[str, Any]:
        people = self.casting.people
        by_id = {people[who].id: who for who in view.seen}
        seen = slots(order, list(by_id))
        speakers = {line.who for line in view.lines if line.who is not None}
        poses = {i: pose_of(view.words[w], w in speakers, self.english) for i, w in by_id.items()}
        moods = {i: expression_of(view.words[w], self.english) for i, w in by_id.items()}
        for i, w in by_id.items():
            pose, mood = (view.acting or {}).get(w, ("", ""))
            poses[i], moods[i] = pose or poses[i], mood or moods[i]
        emotional = any(mood not in ("neutral", "thoughtful") for mood in moods.values())
        framing = view.told.get("framing") or framing_of(
            people=len(seen),
            speakers=len(speakers),
            opening=turn == 0,
            poses=list(poses.values()),
            emotional=emotional,
            turn=turn,
        )
        side = 0
        if len(seen) == 1 and len(order) > 1:
            side = -1 if order.get(seen[0], 50) < 50 else 1
        places = boxes(len(seen), framing, side)
        subjects = [self._subject(by_id[i], i, seen, poses[i], moods[i], view.start) for i in seen]
        action = view.told.get("action") or summary_words(
            view.narrative, _ACTION_LIMIT["en" if self.english else "zh"]
        )
        if not action and subjects:
            action = f"{subjects[0].name} speaks" if self.english else f"{subjects[0].name}说话"
        return {
            "index": len(self.shots),
            "scene": scene,
            "start": view.start,
            "end": view.end,
            "framing": framing,
            "movement": view.told.get("movement")
            or movement_of(
                view.narrative,
                opening=turn == 0,
                framing=framing,
                emotional=emotional,
                english=self.english,
            ),
            "cast": [
                {"id": i, "box": box, "pose": poses[i], "expression": moods[i]}
                for i, box in zip(seen, places, strict=True)
            ],
            "action": action,
            "lines": [
                {
                    "speaker": None if line.who is None else people[line.who].id,
                    "start": max(line.start, view.start),
                    "end": min(line.end, view.end),
                }
                for line in view.lines
            ],
            "narration": view.narration,
            "prompt": write(
                self.template,
                subjects,
                framing=framing,
                action=action,
                setting=setting,
                place=place,
            ),
            "duration_ms": duration_ms(view.narration),
            "frame": None,
        }

    def _subject(
        self, who: int, identity: str, seen: Sequence[str], pose: str, mood: str, at: int
    ) -> Subject:
        person = self.casting.people[who]
        traits = person.appearance["traits"]
        slot = ""
        if len(seen) > 1:
            position = seen.index(identity) / (len(seen) - 1)
            slot = "left" if position < 0.34 else "right" if position > 0.66 else "centre"
        worn = worn_at(self._states.get(who, ()), at)
        state = (", " if self.english else "，").join(worn)
        return Subject(
            name=person.name,
            summary=person.appearance["summary"],
            gender=traits["gender"],
            age=traits["age"],
            species=traits["species"],
            pose=pose,
            expression=mood,
            slot=slot,
            state=state,
        )

    def finish(self, chapters: Sequence[Chapter], drafts: Sequence[ChapterDraft]) -> Storyboard:
        text = self.text
        told = [draft["direction"] for draft in drafts if "direction" in draft]
        usage = dict(_NO_USAGE)
        if told:
            bill_shots(self.shots, told)
            length = sum(draft["end"] - draft["start"] for draft in drafts)
            by_model = sum(bool(t["shots"].get(str(s["start"]))) for t in told for s in self.shots)
            usage = usage_of(told, length, by_model)
        return Storyboard(
            novel={
                "title": self.title,
                "language": text.language,
                "encoding": text.encoding,
                "length": len(text.text),
                "sha256": text.sha256,
            },
            chapters=[
                {"index": c.index, "title": c.title, "start": c.start, "end": c.end}
                for c in chapters
            ],
            cast=[person.to_dict() for person in self.casting.people],
            scenes=self.scenes,
            shots=self.shots,
            usage=usage,
        )


@dataclass(slots=True)
class _View:
    """A shot before it is staged: who is seen, and the narrative words about each of them. What the
    heading before it says is none of its words."""

    start: int
    end: int
    lines: Sequence[Line]
    seen: list[int]
    words: dict[int, str]
    narrative: str
    narration: str
    told: ShotTold = field(default_factory=ShotTold)
    acting: dict[int, tuple[str, str]] | None = None

    @classmethod
    def of(
        cls,
        board: _Board,
        start: int,
        told: int,
        end: int,
        lines: Sequence[Line],
        carried: Sequence[int],
    ) -> _View:
        text, folded = board.text.text, board.folded
        spans = _outside(min(told, end), end, lines)
        narrative = " ".join(part for a, b in spans if (part := text[a:b].strip()))
        seen: list[int] = []
        words: dict[int, str] = defaultdict(str)
        for a, b in spans:
            _note(board.casting.mentions, folded, a, b, seen, words)
        for line in lines:
            if line.who is not None and line.who not in seen:
                seen.append(line.who)
        if not seen and carried and any(p in narrative for p in _CHINESE_PRONOUNS):
            seen = [carried[-1] if len(carried) == 1 else carried[0]]
            words[seen[0]] = narrative
        return cls(start, end, lines, seen, words, narrative, text[told:end].strip())


def _outside(start: int, end: int, lines: Sequence[Line]) -> list[tuple[int, int]]:
    spans = []
    at = start
    for line in lines:
        if line.start > at:
            spans.append((at, min(line.start, end)))
        at = max(at, line.end)
    if at < end:
        spans.append((at, end))
    return spans


def _note(
    mentions: Mentions, folded: str, a: int, b: int, seen: list[int], words: dict[int, str]
) -> None:
    """Who is named in the narrative [a, b), each with the words up to the next name."""
    found = mentions.within(a, b)
    for mention, following in zip(found, [*found[1:], None], strict=True) if found else ():
        if mention.who not in seen:
            seen.append(mention.who)
        stop = following.start if following else b
        words[mention.who] += folded[mention.end : min(stop, b)] + " "
