"""The codebook's tree: moving, retiring, merging and splitting pain points, and taking it back.

Every change runs under one lock, so that two that cross cannot tie a knot; the database refuses
the knot in any case. A merge or a split remembers the keys of the rows that it moved, a move where
the pain point was.
"""

from collections.abc import Collection, Iterable

from django.db import connection, models, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm import audit
from crm.exceptions import DomainError
from crm.models import User, WorkflowStep
from insights.models import Asked, Evidence, Need, PainChange, PainPoint
from insights.models.pains import CODEBOOK_LOCK

PALETTE = (
    "#e0470a", "#2563eb", "#059669", "#9333ea", "#db2777", "#b45309", "#0891b2", "#4d7c0f",
    "#7c3aed", "#be123c", "#0f766e", "#a16207", "#475569", "#c026d3", "#15803d", "#1d4ed8",
)  # fmt: skip
"""Colours for new pain points: apart from each other on white and on black."""


def next_colour() -> str:
    """The colour of the palette that the fewest open pain points have."""
    used = list(PainPoint.objects.open().values_list("colour", flat=True))
    return min(PALETTE, key=lambda colour: (used.count(colour), PALETTE.index(colour)))


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CODEBOOK_LOCK])


def _open(pk: int) -> PainPoint:
    """The open pain point, its row locked against being tagged meanwhile."""
    pain = PainPoint.objects.select_for_update(no_key=True).filter(pk=pk).first()
    if pain is None or pain.status != PainPoint.Status.OPEN:
        raise DomainError(_("This pain point is closed; choose an open one."), "pain_closed")
    return pain


def _parents() -> dict[int, int | None]:
    return dict(PainPoint.objects.values_list("pk", "parent_id"))


def _above(pk: int | None, parents: dict[int, int | None]) -> Iterable[int]:
    """The pain point and those that it is a part of, upwards."""
    while pk is not None:
        yield pk
        pk = parents.get(pk)


def _below(pk: int, parents: dict[int, int | None]) -> list[int]:
    return [other for other in parents if other != pk and pk in _above(other, parents)]


@transaction.atomic
def pain_move(
    *, pain_id: int, parent_id: int | None, step_id: int | None, actor: User
) -> PainChange | None:
    """Put a pain point under another, or at the top of a workflow step; its parts go with it.

    A part lives in the step of what it is a part of, so `step_id` counts only without a parent.
    None where it is there already.
    """
    _lock()
    pain = _open(pain_id)
    before = {"parent": pain.parent_id, "step": pain.step_id}
    after = _put(pain, parent_id, step_id)
    if before == after:
        return None
    change = PainChange.objects.create(
        kind=PainChange.Kind.MOVE, source=pain, target=pain,
        moved={"before": before, "after": after}, by=actor,
    )  # fmt: skip
    data = {"change": change.pk, "before": before, "after": after}
    audit.record("pain.moved", pain, actor=actor, data=data)
    return change


def _put(pain: PainPoint, parent_id: int | None, step_id: int | None) -> dict[str, int | None]:
    """Move an open pain point there, and say where it came to."""
    parents = _parents()
    if parent_id is not None:
        parent = _open(parent_id)
        if pain.pk in _above(parent.pk, parents):
            raise DomainError(
                _("“%(parent)s” is a part of “%(pain)s”: move it out first.")
                % {"parent": parent.title, "pain": pain.title},
                "cycle",
            )
        step_id = parent.step_id
    elif step_id is not None and not WorkflowStep.objects.filter(pk=step_id).exists():
        raise DomainError(_("This workflow step does not exist; reload the page."), "no_step")
    PainPoint.objects.filter(pk=pain.pk).update(parent_id=parent_id, step_id=step_id)
    PainPoint.objects.filter(pk__in=_below(pain.pk, parents)).update(step_id=step_id)
    return {"parent": parent_id, "step": step_id}


@transaction.atomic
def pain_retire(*, pain_id: int, actor: User) -> None:
    """Take a pain point out of use; its evidence stays. What it has as parts must go first."""
    _lock()
    pain = _open(pain_id)
    if pain.children.filter(status=PainPoint.Status.OPEN).exists():
        raise DomainError(_("It has open parts: move or retire them first."), "has_parts")
    pain.status = PainPoint.Status.RETIRED
    pain.save(update_fields=["status"])
    audit.record("pain.retired", pain, actor=actor)


@transaction.atomic
def pain_reopen(*, pain_id: int, actor: User) -> None:
    _lock()
    pain = PainPoint.objects.select_for_update(no_key=True).get(pk=pain_id)
    if pain.status != PainPoint.Status.RETIRED:
        raise DomainError(_("Only a retired pain point can be used again."), "not_retired")
    _refuse_taken_title(pain)
    pain.status = PainPoint.Status.OPEN
    pain.save(update_fields=["status"])
    audit.record("pain.reopened", pain, actor=actor)


def _refuse_taken_title(pain: PainPoint) -> None:
    if PainPoint.objects.open().filter(title_zh=pain.title_zh).exclude(pk=pain.pk).exists():
        raise DomainError(
            _("Another open pain point is called “%(title)s” by now: rename that one first.")
            % {"title": pain.title_zh},
            "title_taken",
        )


@transaction.atomic
def pain_merge(*, source_id: int, target_id: int, actor: User, why: str = "") -> PainChange:
    """Merge `source` into `target`: evidence, ratings, who was asked, and parts follow.

    A row that the target has already (the same passage by the same coder, the same interview
    asked) stays where it is. Raises `DomainError` where one coder read a passage for the one and
    against the other: which of them counts, a person has to say.
    """
    _lock()
    if source_id == target_id:
        raise DomainError(_("Choose another pain point to merge it into."), "same_pain")
    first, second = (_open(pk) for pk in sorted((source_id, target_id)))
    source, target = (first, second) if first.pk == source_id else (second, first)
    if source.pk in _above(target.pk, _parents()):
        raise DomainError(
            _("“%(parent)s” is a part of “%(pain)s”: move it out first.")
            % {"parent": target.title, "pain": source.title},
            "cycle",
        )
    twins = Evidence.objects.filter(
        pain=target, highlight=OuterRef("highlight"), coder=OuterRef("coder")
    )
    said = Evidence.objects.filter(pain=source)
    torn = said.filter(Exists(twins.exclude(stance=OuterRef("stance")))).count()
    if torn:
        raise DomainError(
            ngettext(
                "One passage was read for the one and against the other by the same coder: settle it first.",
                "%(n)s passages were read for the one and against the other by the same coder: settle them first.",
                torn,
            )
            % {"n": torn},
            "stances_differ",
        )
    ratings = Need.objects.filter(pain=target, creator=OuterRef("creator"), at=OuterRef("at"))
    came_to = Asked.objects.filter(pain=target, interview=OuterRef("interview"))
    moved = {
        "evidence": _hand_over(said.filter(~Exists(twins)), target),
        "needs": _hand_over(Need.objects.filter(~Exists(ratings), pain=source), target),
        "asked": _hand_over(Asked.objects.filter(~Exists(came_to), pain=source), target),
        "children": _keys(PainPoint.objects.filter(parent=source)),
    }
    PainPoint.objects.filter(pk__in=moved["children"]).update(parent=target)
    source.status, source.merged_into = PainPoint.Status.MERGED, target
    source.save(update_fields=["status", "merged_into"])
    change = PainChange.objects.create(
        kind=PainChange.Kind.MERGE, source=source, target=target, moved=moved, why=why, by=actor
    )
    audit.record("pain.merged", source, actor=actor, data=_told(change))
    return change


def _keys(rows: models.QuerySet) -> list[int]:
    return sorted(rows.order_by().values_list("pk", flat=True))


def _hand_over(rows: models.QuerySet, target: PainPoint) -> list[int]:
    keys = _keys(rows)
    rows.model._default_manager.filter(pk__in=keys).update(pain=target)
    return keys


def _told(change: PainChange) -> dict[str, object]:
    """What the audit trail keeps of a change: the counts; the keys are in the change itself."""
    counts = {name: len(keys) for name, keys in change.moved.items() if isinstance(keys, list)}
    return {"change": change.pk, "target": change.target_id, "why": change.why, **counts}


@transaction.atomic
def pain_split(
    *,
    pain_id: int,
    evidence_ids: Collection[int],
    title_zh: str,
    actor: User,
    title_en: str = "",
    as_part: bool = False,
    asked_all: bool = True,
    why: str = "",
) -> PainChange:
    """Move the chosen evidence of a pain point to a new one.

    `asked_all`: whoever was asked about the old one could have raised the new one and counts as
    asked; otherwise only the interviews that the moved evidence comes from. Ratings stay.
    """
    _lock()
    pain = _open(pain_id)
    title_zh = " ".join(title_zh.split())
    if not title_zh or len(title_zh) > 120 or len(title_en) > 160:
        raise DomainError(_("Name the new pain point, in at most 120 characters."), "bad_title")
    said = Evidence.objects.filter(pain=pain)
    keys = _keys(said.filter(pk__in=evidence_ids))
    if not keys or len(keys) != len(set(evidence_ids)):
        raise DomainError(_("Choose evidence of this pain point to move."), "no_evidence")
    if len(keys) == said.count():
        raise DomainError(
            _("This is all of its evidence: rename the pain point instead."), "all_evidence"
        )
    made = PainPoint(
        title_zh=title_zh,
        title_en=title_en.strip(),
        step_id=pain.step_id,
        parent_id=pain.pk if as_part else pain.parent_id,
        colour=next_colour(),
        created_by=actor,
        is_sample=pain.is_sample,
    )
    _refuse_taken_title(made)
    made.save()
    interviews = Asked.objects.filter(pain=pain).values_list("interview_id", flat=True)
    if not asked_all:
        interviews = interviews.filter(
            interview__in=Evidence.objects.filter(pk__in=keys).values("interview")
        )
    said.filter(pk__in=keys).update(pain=made)
    asked = Asked.objects.bulk_create(
        [Asked(interview_id=pk, pain=made) for pk in sorted(set(interviews))]
    )
    change = PainChange.objects.create(
        kind=PainChange.Kind.SPLIT,
        source=pain,
        target=made,
        moved={"evidence": keys, "asked_made": [row.pk for row in asked]},
        why=why,
        by=actor,
    )
    audit.record("pain.split", pain, actor=actor, data=_told(change))
    return change


@transaction.atomic
def change_undo(*, change_id: int, actor: User) -> PainChange:
    """Put back exactly what a change moved; what came in since stays where it came in.

    Raises `DomainError` where a later change moved the same rows on: that one goes first.
    """
    _lock()
    change = PainChange.objects.select_for_update().get(pk=change_id)
    if change.undone_at is not None:
        raise DomainError(_("This change was taken back already."), "undone")
    for pk in sorted((change.source_id, change.target_id)):
        PainPoint.objects.select_for_update(no_key=True).get(pk=pk)
    change.refresh_from_db()
    if change.kind == PainChange.Kind.MOVE:
        _undo_move(change)
    else:
        _refuse_moved_on(change)
        (_undo_merge if change.kind == PainChange.Kind.MERGE else _undo_split)(change)
    change.undone_at, change.undone_by = timezone.now(), actor
    change.save(update_fields=["undone_at", "undone_by"])
    audit.record("pain.change_undone", change.source, actor=actor, data=_told(change))
    return change


def _refuse_moved_on(change: PainChange) -> None:
    source, target, moved = change.source, change.target, change.moved
    closed = target.status == PainPoint.Status.MERGED
    away = Evidence.objects.filter(pk__in=moved["evidence"]).exclude(pain=target).exists()
    away = away or Need.objects.filter(pk__in=moved.get("needs", [])).exclude(pain=target).exists()
    away = away or Asked.objects.filter(pk__in=moved.get("asked", [])).exclude(pain=target).exists()
    if change.kind == PainChange.Kind.SPLIT:
        closed = closed or source.status == PainPoint.Status.MERGED
    if closed or away:
        raise DomainError(
            _("A later merge or split moved these rows on: take that one back first."), "moved_on"
        )


def _undo_move(change: PainChange) -> None:
    pain = _open(change.source_id)
    before, after = change.moved["before"], change.moved["after"]
    # A part goes where its whole goes, which is no move of its own.
    there = pain.parent_id == after["parent"]
    if not there or (after["parent"] is None and pain.step_id != after["step"]):
        raise DomainError(_("It was moved on since: take that move back first."), "moved_on")
    _put(pain, before["parent"], before["step"])


def _undo_merge(change: PainChange) -> None:
    source, target, moved = change.source, change.target, change.moved
    _refuse_taken_title(source)
    Evidence.objects.filter(pk__in=moved["evidence"]).update(pain=source)
    Need.objects.filter(pk__in=moved["needs"]).update(pain=source)
    Asked.objects.filter(pk__in=moved["asked"]).update(pain=source)
    source.status, source.merged_into = PainPoint.Status.OPEN, None
    source.save(update_fields=["status", "merged_into"])
    parts = PainPoint.objects.filter(pk__in=moved["children"], parent=target)
    around = set(_above(source.pk, _parents()))
    for part in parts:
        if part.pk in around:
            raise DomainError(
                _("“%(parent)s” is a part of “%(pain)s”: move it out first.")
                % {"parent": source.title, "pain": part.title},
                "cycle",
            )
    parts.update(parent=source)
    _complete_asked(source)
    _complete_asked(target)


def _undo_split(change: PainChange) -> None:
    """The new pain point goes, unless evidence, ratings or parts came to it since."""
    source, made, moved = change.source, change.target, change.moved
    Evidence.objects.filter(pk__in=moved["evidence"]).update(pain=source)
    kept = (
        Evidence.objects.filter(pain=made).exists()
        or Need.objects.filter(pain=made).exists()
        or Asked.objects.filter(pain=made).exclude(pk__in=moved["asked_made"]).exists()
        or made.children.exists()
    )
    if not kept:
        Asked.objects.filter(pk__in=moved["asked_made"]).delete()
        PainPoint.objects.filter(pk=made.pk).update(status=PainPoint.Status.RETIRED)
    _complete_asked(source)


def _complete_asked(pain: PainPoint) -> None:
    """Whoever raised it was asked: evidence that came in since keeps its interview counted."""
    interviews = (
        Evidence.objects.filter(pain=pain)
        .order_by()
        .values_list("interview_id", flat=True)
        .distinct()
    )
    there = set(Asked.objects.filter(pain=pain).values_list("interview_id", flat=True))
    Asked.objects.bulk_create(
        [Asked(interview_id=pk, pain=pain) for pk in sorted(set(interviews) - there)]
    )
