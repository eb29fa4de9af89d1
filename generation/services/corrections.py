"""The creator corrects what was read: where chapters begin, and who is who.

Every change keeps the chapters a partition of the text. While a run works on the novel, nothing is
changed under it.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import audit
from crm.exceptions import DomainError
from crm.models import User
from generation import story
from generation.models import CastCorrection, Chapter, Character, Novel, Run

MOST_CORRECTIONS = 500


@transaction.atomic
def chapter_rename(*, novel: Novel, index: int, title: str, actor: User | None = None) -> None:
    """Call a chapter differently; an empty title is front matter."""
    _hold(novel)
    renamed = Chapter.objects.filter(novel=novel, index=index).update(title=title.strip()[:300])
    if not renamed:
        raise _unknown_chapter()
    audit.record("novel.chapter_renamed", novel, actor=actor, data={"index": index})


@transaction.atomic
def chapter_join(*, novel: Novel, index: int, actor: User | None = None) -> None:
    """Make a chapter the end of the one before it."""
    _hold(novel)
    chapters = list(Chapter.objects.filter(novel=novel).order_by("index"))
    if not 0 < index < len(chapters):
        raise _unknown_chapter()
    before, gone = chapters[index - 1], chapters.pop(index)
    before.end = gone.end
    before.title = before.title or gone.title
    _replace(novel, chapters)
    audit.record("novel.chapter_joined", novel, actor=actor, data={"index": index})


@transaction.atomic
def chapter_split(
    *, novel: Novel, index: int, at: int, title: str = "", actor: User | None = None
) -> None:
    """Begin a new chapter inside another at code point `at`; its first line titles it."""
    _hold(novel)
    chapters = list(Chapter.objects.filter(novel=novel).order_by("index"))
    if not 0 <= index < len(chapters):
        raise _unknown_chapter()
    old = chapters[index]
    if not old.start < at < old.end:
        raise DomainError(_("Choose a place inside the chapter."), "bad_place")
    text = Novel.objects.values_list("text", flat=True).get(pk=novel.pk)
    new = Chapter(
        novel=novel, start=at, end=old.end, title=(title.strip() or first_line(text, at, old.end))
    )
    new.title = new.title[:300]
    old.end = at
    chapters.insert(index + 1, new)
    _replace(novel, chapters)
    audit.record("novel.chapter_split", novel, actor=actor, data={"index": index, "at": at})


@transaction.atomic
def chapters_reset(*, novel: Novel, actor: User | None = None) -> None:
    """Divide the novel again as its file was."""
    _hold(novel)
    text, division = Novel.objects.values_list("text", "division").get(pk=novel.pk)
    parts = division or [[item.title, item.start, item.end] for item in story.chapters(text)]
    _replace(
        novel,
        [
            Chapter(novel=novel, title=title[:300], start=start, end=end)
            for title, start, end in parts
        ],
    )
    audit.record("novel.chapters_reset", novel, actor=actor)


def first_line(text: str, start: int, end: int) -> str:
    """The first line from `start` that is short enough for a heading, else ""."""
    line = text[start : min(end, start + 400)].strip().split("\n", 1)[0].strip()
    return line if len(line) <= 40 else ""


@transaction.atomic
def cast_correct(
    *, novel: Novel, kind: str, name: str, other: str = "", actor: User | None = None
) -> CastCorrection:
    """Remember a correction of the cast; the same one again is the same row."""
    name, other = " ".join(name.split()), " ".join(other.split())
    _check_correction(kind, name, other)
    _check_room(novel)
    if kind == CastCorrection.Kind.RENAME:
        CastCorrection.objects.filter(novel=novel, kind=kind, name=name).delete()
    correction, made = CastCorrection.objects.get_or_create(
        novel=novel, kind=kind, name=name, other=other
    )
    if made:
        audit.record(
            "novel.cast_corrected",
            novel,
            actor=actor,
            data={"kind": kind, "name": name, "other": other},
        )
    return correction


@transaction.atomic
def look_keep(
    *,
    character: Character,
    appearance: Mapping[str, Any],
    further: str = "",
    actor: User | None = None,
) -> None:
    """Remember how a character looks: `appearance` as it was chosen, and its `further` words. There is
    one look for a name."""
    novel = character.run.novel
    look = {
        "traits": appearance["traits"], "further": further, "summary": appearance["summary"],
    }  # fmt: skip
    rows = CastCorrection.objects.filter(
        novel=novel, kind=CastCorrection.Kind.LOOK, name=character.name
    )
    if rows.filter(look=look).exists():
        return
    if not rows.update(look=look, at=timezone.now()):
        _check_room(novel)
        CastCorrection.objects.create(
            novel=novel, kind=CastCorrection.Kind.LOOK, name=character.name, look=look
        )
    audit.record("novel.look_kept", novel, actor=actor, data={"name": character.name})


def _check_room(novel: Novel) -> None:
    if CastCorrection.objects.filter(novel=novel).count() >= MOST_CORRECTIONS:
        raise DomainError(
            _("A novel keeps %(most)s corrections at most; take some back first.")
            % {"most": MOST_CORRECTIONS},
            "too_many_corrections",
        )


def _check_correction(kind: str, name: str, other: str) -> None:
    if kind not in story.KINDS:
        raise DomainError(_("There is no such correction."), "bad_kind")
    if not name or len(name) > 120 or len(other) > 120:
        raise DomainError(_("Write a name of 1 to 120 characters."), "bad_name")
    wants_other = kind in (
        CastCorrection.Kind.MERGE, CastCorrection.Kind.SPLIT, CastCorrection.Kind.RENAME,
    )  # fmt: skip
    if wants_other and not other:
        raise DomainError(_("Say which other name is meant."), "bad_name")
    if wants_other and name == other:
        raise DomainError(_("These are the same name; choose two."), "same_name")


@transaction.atomic
def cast_correction_undo(*, correction: CastCorrection, actor: User | None = None) -> None:
    """Take a correction back."""
    audit.record(
        "novel.cast_correction_undone",
        correction.novel,
        actor=actor,
        data={"kind": correction.kind, "name": correction.name, "other": correction.other},
    )
    correction.delete()


def corrections_of(novel: Novel) -> list[story.Correction]:
    """As the story room takes them, in the order in which they were made."""
    return told_corrections(CastCorrection.objects.filter(novel=novel).order_by("pk"))


def told_corrections(rows: Iterable[CastCorrection]) -> list[story.Correction]:
    """Those of who is who, as the story room takes them; looks are no such."""
    return [
        story.Correction(row.kind, row.name, row.other) for row in rows if row.kind in story.KINDS
    ]


def looks_of(novel: Novel) -> dict[str, story.Look]:
    """The looks that were chosen, by name."""
    rows = CastCorrection.objects.filter(novel=novel, kind=CastCorrection.Kind.LOOK)
    return {row.name: story.Look(row.look["traits"], row.look["further"]) for row in rows}


def _hold(novel: Novel) -> None:
    """Lock the novel's row and refuse while a run is at work on it."""
    Novel.objects.select_for_update().only("pk").get(pk=novel.pk)
    working = (Run.State.QUEUED, Run.State.RUNNING)
    if Run.objects.filter(novel=novel, state__in=working).exists():
        raise DomainError(
            _("A run is at work on this novel. Wait until it ends or stop it, then correct."),
            "run_at_work",
        )


def _unknown_chapter() -> DomainError:
    return DomainError(_("The chapters have changed meanwhile. Look again."), "unknown_chapter")


def _replace(novel: Novel, chapters: Sequence[Chapter]) -> None:
    Chapter.objects.filter(novel=novel).delete()
    for index, chapter in enumerate(chapters):
        chapter.pk, chapter.index = None, index
    Chapter.objects.bulk_create(chapters, batch_size=1000)
