"""Two records of one person made one, over every table that points to creators; and taken back.

The source's row goes; its facts become the target's. What the target has already (the same tool at
the same moment) would be doubled: such rows go too. All of it is kept, encrypted, in the merge, so
that taking it back restores every row that is still there.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pgtrigger
from django.core import serializers
from django.db import models, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import audit
from crm.creator_links import Link, link_of, links
from crm.exceptions import DomainError
from crm.models import (
    Consent,
    Creator,
    CreatorMerge,
    CreatorsDiffer,
    Interview,
    PayingSpell,
    QuotaUse,
    SpellDue,
    User,
)
from crm.services.tiers import creator_set_tier

# What the target takes from the source where it says nothing itself.
_FILLED = (
    "handle", "platform", "followers", "income_minor", "contact", "city", "time_zone", "owner_id",
    "user_id", "note",
)  # fmt: skip
_SUMS = ("runs", "frames", "characters")  # of a month's use, added up where both used


@dataclass(frozen=True)
class Move:
    """What of one table would move, and what is doubled and would go."""

    title: str
    rows: int
    doubled: int


@dataclass(frozen=True)
class MergePreview:
    """`problems` forbid the merge; `warnings` are to be read before it."""

    moves: tuple[Move, ...]
    filled: Mapping[str, Any]
    problems: tuple[str, ...]
    warnings: tuple[str, ...]


def merge_preview(*, source: Creator, target: Creator) -> MergePreview:
    """What merging would move, fill in and hide; changes nothing."""
    moves, problems = [], _problems(source, target)
    for link in links():
        rows = link.rows([source.pk]).count()
        if not rows:
            continue
        doubled = _doubled(link, source.pk, target.pk)
        moves.append(Move(link.title, rows - len(doubled), len(doubled)))
        problems += _held(link, doubled)
    warnings = []
    for one, other in ((source, target), (target, source)):
        if _withdrew_everything(one) and other.interviews.exists():
            warnings.append(
                _(
                    "%(one)s withdrew the record of everything: then what %(other)s said is hidden too."
                )
                % {"one": one.name, "other": other.name}
            )
    return MergePreview(tuple(moves), _fills(source, target), tuple(problems), tuple(warnings))


@transaction.atomic
def creators_merge(
    *, source: Creator, target: Creator, why: str = "", actor: User | None = None
) -> CreatorMerge:
    """Make two records one: `target` stays. Raises `DomainError` where something forbids it."""
    people = Creator.objects.select_for_update(of=("self",)).in_bulk(sorted({source.pk, target.pk}))
    if source.pk not in people or target.pk not in people:
        raise DomainError(_("That creator is no longer there."), "no_creator")
    source, target = people[source.pk], people[target.pk]
    if problems := merge_preview(source=source, target=target).problems:
        raise DomainError(" ".join(problems), "cannot_merge")
    row = _packed([source])
    with pgtrigger.ignore(*_protections()):
        gone, moved, added = _move(source.pk, target.pk)
    fills = _fills(source, target)
    PayingSpell.objects.filter(creator=source).delete()
    SpellDue.objects.filter(creator=source).delete()
    Creator.objects.filter(pk=source.pk).update(user=None)  # a login is one creator's
    Creator.objects.filter(pk=source.pk).delete()
    for name, value in fills.items():
        setattr(target, name, value)
    known = [target.joined_on.isoformat(), min(target.joined_on, source.joined_on).isoformat()]
    target.joined_on = min(target.joined_on, source.joined_on)
    target.save()
    settled = _settle_tier(target, source, actor)
    _consents_reach(target.pk)
    merge = CreatorMerge.objects.create(
        target=target,
        source_id=source.pk,
        source_name=source.name,
        why=" ".join(why.split())[:240],
        moved_count=sum(map(len, moved.values())),
        kept=json.dumps(
            {
                "creator": row, "moved": moved, "gone": gone, "added": added, "settled": settled,
                "known": known, "filled": json.loads(json.dumps(fills, default=str)),
            },
            ensure_ascii=False,
        ),
        by=actor,
    )  # fmt: skip
    audit.record(
        "creators.merged",
        target,
        actor=actor,
        data={"source": source.pk, "merge": merge.pk, "rows": merge.moved_count},
    )
    return merge


@transaction.atomic
def merge_undo(*, merge: CreatorMerge, actor: User | None = None) -> Creator:
    """Take a merge back: the source's record is there again with every row of it that still is.

    Raises `DomainError` where it was taken back, or where a later merge has to be taken back first.
    """
    act = CreatorMerge.objects.select_for_update(of=("self",)).get(pk=merge.pk)
    target = Creator.objects.select_for_update(of=("self",)).get(pk=act.target_id)
    if act.undone_at is not None:
        raise DomainError(_("This merge was taken back already."), "undone_already")
    if not act.kept:
        raise DomainError(_("The creator has left for good; nothing of it is kept."), "forgotten")
    later = CreatorMerge.objects.filter(target=target, undone_at=None, pk__gt=act.pk).first()
    if later is not None:
        raise DomainError(
            _("Take the later merge with “%(name)s” back first.") % {"name": later.source_name},
            "later_first",
        )
    kept = json.loads(act.kept)
    _fills_back(target, kept)
    source = _revive(kept)
    with pgtrigger.ignore(*_protections()):
        back = _move_back(source.pk, target.pk, kept)
    if kept["settled"]:
        target.tier_changes.filter(pk=kept["settled"]).delete()
    newest = target.tier_changes.order_by("-at").values_list("tier", flat=True).first()
    if newest:
        Creator.objects.filter(pk=target.pk).update(tier=newest)
    SpellDue.objects.bulk_create([SpellDue(creator=one) for one in (source, target)])
    _consents_reach(source.pk, target.pk)
    act.undone_at, act.kept = timezone.now(), ""
    act.save(update_fields=["undone_at", "kept"])
    audit.record(
        "creators.merge_undone", target, actor=actor, data={"source": source.pk, "rows": back}
    )
    return source


@transaction.atomic
def creators_differ(*, one: Creator, other: Creator, actor: User | None = None) -> CreatorsDiffer:
    """Say that two who resemble each other are two people; they are not suggested again."""
    first, second = sorted((one, other), key=lambda creator: creator.pk)
    if first.pk == second.pk:
        raise DomainError(_("Choose two different creators."), "same")
    pair, made = CreatorsDiffer.objects.get_or_create(
        first=first, second=second, defaults={"by": actor}
    )
    if made:
        audit.record("creators.differ", first, actor=actor, data={"other": second.pk})
    return pair


def _problems(source: Creator, target: Creator) -> list[str]:
    if source.pk == target.pk:
        return [_("Choose two different creators.")]
    if source.user_id and target.user_id:
        return [
            _("Both have a portal login. Take the login away from one of the two records first.")
        ]
    return []


def _held(link: Link, doubled: list[int]) -> list[str]:
    """Doubled rows that other rows rest on cannot go."""
    for relation in link.model._meta.related_objects:
        rows = relation.related_model._base_manager.filter(
            **{f"{relation.field.name}__in": doubled}
        )
        if doubled and rows.exists():
            return [
                _(
                    "Both have the same in “%(table)s”, and more rests on each. Remove one of them first."
                )
                % {"table": link.title}
            ]
    return []


def _doubled(link: Link, source: int, target: int) -> list[int]:
    """Rows of the source that would break a uniqueness which counts the creator in."""
    found: set[int] = set()
    for fields in _unique_with(link):
        others = [name for name in fields if name != link.field]
        here = link.rows([source]).values_list("pk", *others)
        there = set(link.rows([target]).values_list(*others)) if others else set()
        if not others:
            found |= {pk for (pk,) in here} if link.rows([target]).exists() else set()
        else:
            found |= {pk for pk, *values in here if tuple(values) in there}
    if link.model is CreatorsDiffer:
        # Of one pair, or out of order once one of the two is another: kept with the merge.
        found |= set(link.rows([source]).values_list("pk", flat=True))
    return sorted(found)


def _unique_with(link: Link) -> list[tuple[str, ...]]:
    meta = link.model._meta
    named: list[tuple[str, ...]] = [
        tuple(item.fields)
        for item in meta.constraints
        if isinstance(item, models.UniqueConstraint) and link.field in item.fields
    ]
    field = meta.get_field(link.field)
    return [*named, (link.field,)] if getattr(field, "unique", False) else named


def _move(source: int, target: int) -> tuple[list[str], dict[str, list[int]], list[list[Any]]]:
    gone: list[str] = []
    moved: dict[str, list[int]] = {}
    added: list[list[Any]] = []
    # Consents first: an interview asks for those of its creator when it moves.
    for link in sorted(links(), key=lambda link: link.model is not Consent):
        doubled = _doubled(link, source, target)
        if doubled:
            rows = link.model._base_manager.filter(pk__in=doubled)
            if link.model is QuotaUse:
                added += _add_up(rows, target)
            gone.append(_packed(rows))
            rows.delete()
        ids = list(link.rows([source]).order_by("pk").values_list("pk", flat=True))
        if ids:
            moved[link.key] = ids
            link.model._base_manager.filter(pk__in=ids).update(**{f"{link.field}_id": target})
    return gone, moved, added


def _packed(rows: Iterable[models.Model]) -> str:
    """Rows as JSON, to the microsecond, which Django's own JSON cuts off."""
    return json.dumps(serializers.serialize("python", rows), default=_plain, ensure_ascii=False)


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def _add_up(rows: models.QuerySet[Any], target: int) -> list[list[Any]]:
    added = []
    for row in rows:
        sums = {name: getattr(row, name) for name in _SUMS}
        QuotaUse.objects.filter(creator_id=target, month=row.month).update(
            **{name: F(name) + value for name, value in sums.items()}
        )
        added.append([row.month.isoformat(), sums])
    return added


def _move_back(source: int, target: int, kept: Mapping[str, Any]) -> int:
    back = 0
    for key, ids in sorted(
        kept["moved"].items(), key=lambda item: item[0] != "crm.Consent.creator"
    ):
        link = link_of(key)
        rows = link.model._base_manager.filter(pk__in=ids, **{f"{link.field}_id": target})
        back += rows.update(**{f"{link.field}_id": source})
    for month, sums in kept["added"]:
        QuotaUse.objects.filter(creator_id=target, month=month).update(
            **{name: F(name) - value for name, value in sums.items()}
        )
    for text in kept["gone"]:
        for restored in serializers.deserialize("python", json.loads(text)):
            restored.save(force_insert=True)
    return back


def _revive(kept: Mapping[str, Any]) -> Creator:
    """The source's row as it was, but for a login that has gone elsewhere since."""
    (restored,) = serializers.deserialize("python", json.loads(kept["creator"]))
    source = restored.object
    if not isinstance(source, Creator):
        raise TypeError(f"{type(source).__name__} is kept where a creator should be")
    taken = Creator.objects.filter(handle__iexact=source.handle, platform=source.platform).first()
    if source.handle and taken is not None:
        raise DomainError(
            _("%(name)s has the handle of the merged record now. Change that first.")
            % {"name": taken.name},
            "handle_taken",
        )
    if source.user_id and Creator.objects.filter(user=source.user_id).exists():
        source.user = None
    restored.save(force_insert=True)  # as it stood, no field is filled anew
    return source


def _fills(source: Creator, target: Creator) -> dict[str, Any]:
    fills = {
        name: getattr(source, name)
        for name in _FILLED
        if getattr(source, name) not in (None, "") and getattr(target, name) in (None, "")
    }
    if "handle" in fills and target.platform and source.platform != target.platform:
        del fills["handle"]  # a handle is of its platform
    return fills


def _fills_back(target: Creator, kept: Mapping[str, Any]) -> None:
    """Take from the target what the merge gave it, as far as nobody wrote over it since."""
    for name, value in kept["filled"].items():
        field = Creator._meta.get_field(name.removesuffix("_id"))
        if str(getattr(target, name)) == str(value):
            setattr(target, name, None if field.null else "")
    before, after = kept["known"]
    if target.joined_on.isoformat() == after:
        target.joined_on = date.fromisoformat(before)
    target.save()


def _settle_tier(target: Creator, source: Creator, actor: User | None) -> int | None:
    """The two histories are one now; today's tier stays the target's."""
    newest = target.tier_changes.order_by("-at").first()
    if newest is None or newest.tier == target.tier:
        return None
    reason = _("merged with %(name)s") % {"name": source.name}
    return creator_set_tier(creator=target, tier=target.tier, reason=reason, actor=actor).pk


def _withdrew_everything(one: Creator) -> bool:
    rows = Consent.objects.filter(creator=one, interview=None, purpose=Consent.Purpose.RECORD)
    return rows.order_by("-at", "-pk").values_list("given", flat=True).first() is False


def _consents_reach(*creators: int) -> None:
    """Let every interview read its consents again, which are others now."""
    Interview.objects.filter(creator__in=creators).update(redacted_at=F("redacted_at"))


def _protections() -> list[str]:
    """The triggers that keep rows as they are: whose they are is what a merge corrects."""
    tables = {link.model for link in links()} | {QuotaUse}
    return [
        f"{model._meta.label}:{trigger.name}"
        for model, trigger in pgtrigger.registered()
        if model in tables
        and isinstance(trigger, pgtrigger.Protect)
        and trigger.name != "redaction_is_for_good"
    ]
