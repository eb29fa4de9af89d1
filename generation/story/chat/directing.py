"""A chapter directed by a model: windows asked, answers repaired item by item, the rules for the rest."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from engines.chat import Complete
from engines.errors import Billed, EngineError
from generation.story.chat.answers import Read, Scene, read_answer
from generation.story.chat.windows import MOST_PLACES, Window, windows_of
from generation.story.chat.wording import request_for
from generation.story.direction import Directions, Receipt, ShotTold
from generation.story.drafts import ChapterDraft, SceneDraft, map_chapter
from generation.story.model import Cancelled, Chapter
from generation.story.scenes import setting_of
from generation.story.script import fold
from generation.story.sentences import sentence_cuts
from generation.story.shots import shot_cuts

__all__ = ["Limits", "direct_chapter"]

# An answer that says the money is gone, or that this window cannot be asked, leaves the rest to the
# rules; anything else that surely cost nothing (no key, no engine) ends the run, to be resumed.
FALL_BACK = frozenset({"budget_spent", "bad_request", "too_large"})
MOST_SPLITS = 4
# A shot this many times longer than asked for is cut further by the rules.
LONGEST_SHOT = 2.2
# So many times the wanted number of shots a model may cut.
MOST_OVER = 1.2


@dataclass(frozen=True, slots=True)
class Limits:
    """`max_output` in tokens bounds an answer, `window` in characters what is asked at once."""

    max_output: int = 4_000
    window: int = 2_400
    timeout: float = 120.0

    def size(self, density: float) -> int:
        """Characters whose answer surely fits."""
        fits = (self.max_output - 150) / (75 * density / 1000 + 0.2)
        return max(120, min(self.window, int(fits)))


@dataclass(slots=True)
class _Told:
    """What the chapter's windows said, by offsets of the whole text."""

    covered: list[tuple[int, int, ShotTold]] = field(default_factory=list)
    scenes: dict[int, Scene | None] = field(default_factory=dict)
    said: list[tuple[int, int, str]] = field(default_factory=list)
    people: dict[str, list[list[int]]] = field(default_factory=dict)
    same: list[list[str]] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)
    unused: Counter[str] = field(default_factory=Counter)
    named: Counter[str] = field(default_factory=Counter)


def direct_chapter(
    text: str,
    chapter: Chapter,
    *,
    complete: Complete,
    title: str = "",
    language: str = "auto",
    density: float | None = None,
    limits: Limits = Limits(),
    cancelled: Callable[[], bool] | None = None,
) -> ChapterDraft:
    """`map_chapter`, its shots as a model says. `complete` asks and pays.

    Raises EngineError where the engine cannot be used at all; what was paid for until then is kept
    by whoever pays, so that doing it again costs only the rest.
    """
    draft = map_chapter(text, chapter, language=language, density=density)
    told = _Told()
    size = limits.size(draft["density"])
    for place, window in enumerate(windows_of(text, draft, title=title, size=size)):
        if cancelled and cancelled():
            raise Cancelled("map")
        _ask(window, f"{place}", complete, limits, told, repairs=1, splits=MOST_SPLITS)
    return _directed(text, draft, told)


def _ask(
    window: Window,
    name: str,
    complete: Complete,
    limits: Limits,
    told: _Told,
    *,
    repairs: int,
    splits: int,
) -> None:
    request = request_for(window, max_tokens=limits.max_output, timeout=limits.timeout)
    try:
        bought = complete(request)
    except EngineError as error:
        if error.billed is Billed.SURELY_NOT and error.code not in FALL_BACK:
            raise
        told.unused[error.code] += window.shots
        return
    answer = bought.answer
    told.receipts.append(
        {
            "start": window.start,
            "end": window.end,
            "input_tokens": answer.usage.input_tokens,
            "output_tokens": answer.usage.output_tokens,
            "cached_tokens": answer.usage.cached_tokens,
            "cost_micro": bought.cost_micro,
            "currency": bought.currency,
            "kept": bought.kept and not bought.own,
        }
    )
    read = read_answer(answer.parsed, answer.text, window)
    _take(read, window, name, told)
    for first, last in read.holes:
        whole = first == 1 and last == len(window.sentences)
        parts = [(first, last)]
        if answer.finish_reason == "length" and last > first and splits:
            # What does not fit is asked for in halves.
            middle = (first + last) // 2
            parts = [(first, middle), (middle + 1, last)] if whole else [(first, last)]
        elif not repairs:
            told.unused["broken"] += window.part(first, last).shots
            continue
        cut = answer.finish_reason == "length" and splits > 0
        for number, (a, b) in enumerate(parts):
            part = window.part(a, b, again=window.again + (not cut))
            _ask(
                part,
                f"{name}.{first}.{number}",
                complete,
                limits,
                told,
                repairs=repairs - (not cut),
                splits=splits - cut,
            )


def _take(read: Read, window: Window, name: str, told: _Told) -> None:
    def own(reference: str) -> str:
        """A letter counts in its window only."""
        if any(reference == one.letter for one in window.people):
            return f"{name}:{reference}"
        told.named[fold(reference)] += 1
        return reference

    for shot in read.shots:
        start, end = window.sentences[shot.first - 1][0], window.sentences[shot.last - 1][1]
        item = ShotTold(**shot.told)
        if "cast" in item:
            item["cast"] = [[own(who), pose, mood] for who, pose, mood in item["cast"]]
        told.covered.append((start, end, item))
    for number, who in sorted(read.said.items()):
        start, end = window.sentences[number - 1]
        told.said.append((start, end, own(who) if who else ""))
    for scene in read.scenes:
        # A window that begins within a scene may tell of it, but opens none.
        if scene.at > 1 or 1 in window.scenes:
            told.scenes[window.sentences[scene.at - 1][0]] = scene
    if read.shots and 1 in window.scenes:
        told.scenes.setdefault(window.start, None)
    told.same += [[own(one), own(other)] for one, other in read.same]
    for one in window.people:
        told.people[f"{name}:{one.letter}"] = [list(span) for span in one.places[:MOST_PLACES]]
    told.unused.update({"broken_items": read.broken, "unknown_people": read.unknown})


def _directed(text: str, draft: ChapterDraft, told: _Told) -> ChapterDraft:
    """The draft with the told shots in place; its shots still cover the chapter, whatever was told."""
    covered = sorted(told.covered, key=lambda row: row[:2])
    told.scenes = {
        _behind_heading(draft, start): scene
        for start, scene in sorted(told.scenes.items(), key=lambda item: item[1] is not None)
    }
    scenes = _scene_starts(draft, told, covered)
    shots: dict[str, ShotTold] = {}
    drafted: list[SceneDraft] = []
    for start, end in itertools.pairwise([*scenes, draft["end"]]):
        cuts = _cuts(text, start, end, covered, draft, shots)
        drafted.append(
            {
                "start": start,
                "end": end,
                "setting": _setting(text, draft, start, end, told.scenes.get(start)),
                "shots": [start, *cuts],
            }
        )
    direction: Directions = {
        "people": told.people,
        "same": told.same,
        "shots": shots,
        "said": [[start, end, who] for start, end, who in sorted(told.said)],
        "receipts": sorted(told.receipts, key=lambda row: (row["start"], row["end"])),
        "unused": {name: count for name, count in sorted(told.unused.items()) if count},
    }
    evidence = {name: dict(counts) for name, counts in draft["evidence"].items()}
    if draft["language"] != "en":
        called = evidence.setdefault("called", {})
        for name in sorted(told.named):
            if 2 <= len(name) <= 4:
                called[name] = called.get(name, 0) + 1
    return {**draft, "evidence": evidence, "scenes": drafted, "direction": direction}


def _scene_starts(
    draft: ChapterDraft, told: _Told, covered: Sequence[tuple[int, int, ShotTold]]
) -> list[int]:
    """Where scenes begin: as told where something was told, as the rules say elsewhere."""
    starts = {draft["start"], *told.scenes}
    for scene in draft["scenes"]:
        if not any(a <= scene["start"] < b for a, b, _ in covered):
            starts.add(scene["start"])
    return sorted(starts)


def _cuts(
    text: str,
    start: int,
    end: int,
    covered: Sequence[tuple[int, int, ShotTold]],
    draft: ChapterDraft,
    shots: dict[str, ShotTold],
) -> list[int]:
    """Starts of the scene's shots after its first; notes what was told of each."""
    starts: list[int] = []
    at = start
    for a, b, item in covered:
        a, b = max(a, start), min(b, end)
        if a >= b:
            continue
        if a > at:
            starts += [at, *_by_rule(text, at, a, draft)]
        starts.append(a)
        shots[str(a)] = item
        if b - a > LONGEST_SHOT * 1000 / draft["density"]:
            for cut in _by_rule(text, a, b, draft):
                starts.append(cut)
                shots[str(cut)] = ShotTold(cast=item["cast"]) if "cast" in item else ShotTold()
        at = b
    if at < end:
        starts += [at, *_by_rule(text, at, end, draft)]
    starts = _without_heading(draft, starts, shots)
    return _thinned(_speaking(text, starts, end), end, draft["density"], shots)[1:]


def _behind_heading(draft: ChapterDraft, start: int) -> int:
    """A place at or before the first words of the story is the chapter's beginning."""
    return draft["start"] if start <= draft.get("told", draft["start"]) else start


def _without_heading(
    draft: ChapterDraft, starts: list[int], shots: dict[str, ShotTold]
) -> list[int]:
    """Without a shot of nothing but the heading: the one behind it begins the chapter."""
    heading = [start for start in starts if start <= draft.get("told", draft["start"])]
    if len(heading) < 2:
        return starts
    first, last = heading[0], heading[-1]
    for start in heading[1:]:
        if str(start) in shots:
            shots[str(first)] = shots.pop(str(start))
    return [first, *(start for start in starts if start > last)]


def _thinned(
    starts: Sequence[int], end: int, density: float, shots: dict[str, ShotTold]
) -> list[int]:
    """As many shots as the user asked for, give or take MOST_OVER: where a model cuts more, the
    shortest one joins its shorter neighbour. The longer of two tells how both are filmed."""
    kept = list(starts)
    most = max(1, round(MOST_OVER * (end - kept[0]) * density / 1000)) if kept else 0
    while len(kept) > most:
        bounds = [*kept, end]
        sizes = [b - a for a, b in itertools.pairwise(bounds)]
        short = min(range(len(sizes)), key=lambda at: (sizes[at], at))
        before = short > 0 and (short + 1 == len(sizes) or sizes[short - 1] <= sizes[short + 1])
        first = short - 1 if before else short
        longer = first if sizes[first] >= sizes[first + 1] else first + 1
        other = shots.get(str(kept[first + 1 if longer == first else first]), ShotTold())
        told = ShotTold(**shots.get(str(kept[longer]), ShotTold()))
        seen = [*told.get("cast", []), *other.get("cast", [])]
        if seen:
            names = dict.fromkeys(row[0] for row in seen)
            told["cast"] = [next(row for row in seen if row[0] == name) for name in names]
        shots.pop(str(kept[first + 1]), None)
        shots[str(kept[first])] = told
        del kept[first + 1]
    return kept


def _speaking(text: str, starts: Sequence[int], end: int) -> list[int]:
    """Without shots of nothing but blanks: those join their neighbour."""
    kept: list[int] = []
    for a, b in itertools.pairwise([*starts, end]):
        if kept and not text[a:b].strip():
            continue
        kept.append(a)
    return kept


def _by_rule(text: str, start: int, end: int, draft: ChapterDraft) -> list[int]:
    sentences = sentence_cuts(text, start, end, english=draft["language"] == "en")
    return shot_cuts(text, start, end, sentences, draft["density"], draft.get("told", 0))


def _setting(
    text: str, draft: ChapterDraft, start: int, end: int, scene: Scene | None
) -> dict[str, object]:
    body = text[start:end]
    setting = setting_of(body, fold(body), 0, len(body), english=draft["language"] == "en")
    if scene is not None:
        setting.update(scene.setting)
        if scene.place:
            setting["place"] = scene.place
    return setting
