"""Sets of cases: shots or chapters as they are now, with the consent that they rest on."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from crm import audit
from crm.exceptions import DomainError
from crm.models import Consent, User
from generation import story
from generation.models import Case, CaseSet, Novel
from generation.story.script import language_of

MOST_CASES = 2_000
MOST_CHARACTERS = 20_000
MOST_FROM_ONE = 50


@dataclass(frozen=True)
class Told:
    """A case before it is kept. `content`: {shot, cast, scene} or {text, title}."""

    story: str
    content: dict[str, Any]
    novel: Novel | None = None
    consent: Consent | None = field(default=None)


def consent_for(novel: Novel) -> Consent:
    """The creator's standing word that their novels may be used. Raises `DomainError` without it."""
    last = (
        Consent.objects.filter(
            creator_id=novel.creator_id,
            interview__isnull=True,
            purpose=Consent.Purpose.EVALUATION,
        )
        .order_by("-at", "-pk")
        .first()
    )
    if last is None or not last.given or novel.deleted_at is not None:
        raise DomainError(
            _("%(novel)s: its creator has not agreed that novels are used for evaluation.")
            % {"novel": novel.title},
            "no_consent",
        )
    return last


@transaction.atomic
def case_set_add(
    *,
    key: str,
    title: str,
    kind: str,
    language: str,
    cases: Sequence[Told],
    actor: User | None,
    note: str = "",
    sample: bool = False,
) -> CaseSet:
    """The next version of a set. Raises `DomainError` where it is empty, too large, or lacks consent."""
    if not 1 <= len(cases) <= MOST_CASES:
        raise DomainError(_("Choose 1 to %(n)s cases.") % {"n": MOST_CASES}, "bad_size")
    for told in cases:
        if told.novel is not None:
            consent_for(told.novel)
    last = CaseSet.objects.filter(key=key).aggregate(last=Max("number"))["last"] or 0
    made = CaseSet.objects.create(
        key=key, number=last + 1, kind=kind, title=title, language=language, note=note, by=actor,
        is_sample=sample,
    )  # fmt: skip
    Case.objects.bulk_create(
        [
            Case(
                case_set=made,
                index=index,
                story=told.story[:64],
                novel=told.novel,
                consent=consent_for(told.novel) if told.novel else None,
                content=told.content,
                digest=digest_of(told.content),
            )
            for index, told in enumerate(cases)
        ]
    )
    audit.record(
        "evaluation.cases_kept", made, actor=actor,
        data={"key": key, "version": made.number, "cases": len(cases)},
    )  # fmt: skip
    return made


def digest_of(content: Mapping[str, Any]) -> str:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def shots_of_board(
    board: Mapping[str, Any], *, name: str, most: int, novel: Novel | None = None
) -> list[Told]:
    """At most so many shots of a storyboard, spread evenly over it, those with people first."""
    cast = {person["id"]: _person(person) for person in board["cast"]}
    scenes = {scene["index"]: scene for scene in board["scenes"]}
    peopled = [shot for shot in board["shots"] if shot["cast"]] or list(board["shots"])
    step = max(1, len(peopled) // most)
    chosen = peopled[::step][:most]
    consent = consent_for(novel) if novel else None
    return [
        Told(
            story=name,
            content={
                "shot": {
                    key: value for key, value in shot.items() if key not in ("prompt", "frame")
                },
                "cast": {entry["id"]: cast[entry["id"]] for entry in shot["cast"]},
                "scene": scenes[shot["scene"]],
            },
            novel=novel,
            consent=consent,
        )
        for shot in chosen
    ]


def _person(person: Mapping[str, Any]) -> dict[str, Any]:
    """What drawing needs of somebody: not where the novel speaks of them."""
    appearance = {
        key: value
        for key, value in person["appearance"].items()
        if key in ("summary", "traits", "states")
    }
    return {
        "id": person["id"], "name": person["name"], "appearance": appearance, "seed": person["seed"],
    }  # fmt: skip


def shots_of_text(text: str, *, name: str, most: int, density: float | None = None) -> list[Told]:
    """Shots of a text of the house, by the rules."""
    board = story.storyboard(text, title=name, density=density).to_dict()
    return shots_of_board(board, name=name, most=most)


def shots_of_novel(novel: Novel, *, most: int, chapters: Collection[int] = ()) -> list[Told]:
    """Shots of a creator's novel, by the rules, out of the chapters with these indices or from its
    beginning. Raises `DomainError` without consent.
    """
    consent_for(novel)
    text = "\n".join(words for _title, words in _parts(novel, chapters)) if chapters else novel.text
    board = story.storyboard(text[:MOST_CHARACTERS], title=novel.title).to_dict()
    return shots_of_board(board, name=f"novel-{novel.pk}", most=most, novel=novel)


def chapters_of_text(text: str, *, name: str, most: int) -> list[Told]:
    """Chapters of a text of the house, each by itself."""
    return [
        Told(name, {"text": text[part.start : part.end][:MOST_CHARACTERS], "title": part.title})
        for part in story.chapters(text)[:most]
        if text[part.start : part.end].strip()
    ]


def chapters_of_novel(novel: Novel, *, most: int, chapters: Collection[int] = ()) -> list[Told]:
    consent = consent_for(novel)
    return [
        Told(f"novel-{novel.pk}", {"text": words, "title": title}, novel, consent)
        for title, words in _parts(novel, chapters)[:most]
    ]


def _parts(novel: Novel, chapters: Collection[int]) -> list[tuple[str, str]]:
    """Title and text of the chapters with these indices, or of all."""
    rows = novel.chapters.order_by("index")
    if chapters:
        rows = rows.filter(index__in=chapters)
    return [(row.title, novel.text[row.start : row.end][:MOST_CHARACTERS]) for row in rows]


@dataclass(frozen=True)
class Source:
    """Where cases come from: a consenting creator's novel with chapters (none: from its start), or
    a text of the house, which names no one.
    """

    novel: Novel | None = None
    chapters: tuple[int, ...] = ()
    text: str = ""


def cases_keep(
    *,
    sources: Sequence[Source],
    kind: str,
    most: int,
    title: str,
    actor: User | None,
    successor_of: CaseSet | None = None,
    note: str = "",
) -> CaseSet:
    """A set of cases out of novels and texts: a new one, or the next version of one that is there.

    At most `most` from each source, 1 to 50. Raises `DomainError` saying what is missing.
    """
    if not sources:
        raise DomainError(_("Choose a novel or paste a text."), "no_source")
    if not 1 <= most <= MOST_FROM_ONE:
        raise DomainError(_("Take 1 to %(n)s cases from each.") % {"n": MOST_FROM_ONE}, "bad_most")
    if successor_of is not None and successor_of.kind != kind:
        raise DomainError(
            _("The next version of a set holds the same kind of cases."), "other_kind"
        )
    if not title.strip() and successor_of is None:
        raise DomainError(_("Give it a title."), "title")
    cases = [told for source in sources for told in _cases_of(source, kind, most)]
    if not cases:
        raise DomainError(_("Nothing in it makes a case; is the text complete?"), "bad_size")
    english = sum(_is_english(source) for source in sources)
    return case_set_add(
        key=successor_of.key if successor_of else _free_key(),
        title=title.strip()[:120] or (successor_of.title if successor_of else ""),
        kind=kind,
        language="en" if english * 2 > len(sources) else "zh-Hans",
        cases=cases,
        actor=actor,
        note=note.strip()[:300],
    )


def _is_english(source: Source) -> bool:
    told = source.novel.language if source.novel else language_of(source.text)
    return told.startswith("en")


def _cases_of(source: Source, kind: str, most: int) -> list[Told]:
    if source.novel is not None:
        read = chapters_of_novel if kind == CaseSet.Kind.CHAPTER else shots_of_novel
        return read(source.novel, most=most, chapters=source.chapters)
    if len(source.text) > MOST_CHARACTERS:
        raise DomainError(
            _("Paste at most %(n)s characters at a time.") % {"n": MOST_CHARACTERS}, "too_long"
        )
    # The same text pasted twice is one story: it counts once in every interval.
    name = f"text-{sha256(source.text.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"
    if kind == CaseSet.Kind.CHAPTER:
        return chapters_of_text(source.text, name=name, most=most)
    return shots_of_text(source.text, name=name, most=most)


def _free_key() -> str:
    last = CaseSet.objects.aggregate(last=Max("pk"))["last"] or 0
    return f"cases-{last + 1}"
