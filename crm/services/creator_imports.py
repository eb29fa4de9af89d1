"""Lists of creators in, whole or not at all; and a whole list taken back, but for what is used since."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import audit
from crm.creator_links import uses_of
from crm.exceptions import DomainError
from crm.models import (
    Creator,
    CreatorImport,
    CreatorImportRow,
    PayerName,
    Tier,
    TierChange,
    User,
)
from crm.services.creator_plans import OWN, Plan, PlanRow, changed_since, roster_plan, table_of
from crm.services.job_rows import Tell, unheard
from crm.services.tiers import creators_set_tiers, tier_changes_revert

BATCH = 500  # rows between two words on how far it is
_LOCK = 0x524F5354  # one list at a time, so that two who book the same make its people once
Row = TypeVar("Row")
_PLAIN = frozenset(OWN) - {"tier"}
MADE_WITH_IT = ("crm.TierChange", "crm.PayerName")


@transaction.atomic
def creators_import(
    *,
    data: bytes,
    name: str,
    columns: Mapping[str, str],
    tier: str = Tier.ENTRY,
    expected: str = "",
    actor: User | None = None,
    sample: bool = False,
    tell: Tell = unheard,
) -> CreatorImport:
    """Book a list: new people are added, known ones updated, all in one transaction.

    `tier` is given to new people of whom the list says none; `expected` is the digest of the plan
    that the person saw; `tell` hears how many rows are done. Raises `DomainError`; then nothing is kept.
    """
    if tier not in Tier.values:
        raise DomainError(_("Choose a tier."), "no_tier")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    plan = roster_plan(table_of(data), columns)
    changed_since(plan, expected)
    source = CreatorImport.objects.create(
        name=name[:255],
        sha256=hashlib.sha256(data).hexdigest(),
        encoding=plan.table.encoding,
        signature=plan.table.signature,
        columns=dict(columns),
        rows_total=len(plan.rows),
        created=plan.counts.get("new", 0),
        updated=plan.counts.get("update", 0),
        duplicates=plan.counts.get("duplicate", 0),
        rejected=_told(plan),
        by=actor,
        is_sample=sample,
    )
    fresh = [row for row in plan.rows if row.becomes == "new"]
    changed = [row for row in plan.rows if row.becomes == "update"]
    total = len(fresh) + len(changed)
    with audit.gathered():
        for done, rows in _batches(fresh):
            tell(done, total)
            made = _create(source, rows, tier=tier, actor=actor, sample=sample)
            CreatorImportRow.objects.bulk_create(made)
        for done, rows in _batches(changed):
            tell(len(fresh) + done, total)
            CreatorImportRow.objects.bulk_create(_update(source, rows, actor))
        audit.record(
            "creators.imported",
            source,
            actor=actor,
            data={"file": name, "new": source.created, "updated": source.updated},
        )
    tell(total, total)
    return source


def _batches(rows: Sequence[Row]) -> Iterator[tuple[int, Sequence[Row]]]:
    """Some rows at a time, with how many came before them."""
    for start in range(0, len(rows), BATCH):
        yield start, rows[start : start + BATCH]


def _told(plan: Plan) -> list[dict[str, Any]]:
    return [
        {"row": row.number, "code": row.code, "field": row.field, "cell": row.cell}
        for row in plan.rows
        if row.becomes == "rejected"
    ]


def _create(
    source: CreatorImport,
    rows: Sequence[PlanRow],
    *,
    tier: str,
    actor: User | None,
    sample: bool,
) -> list[CreatorImportRow]:
    people = [
        Creator(
            **{"tier": tier, **{key: row.values[key] for key in OWN if key in row.values}},
            is_sample=sample,
        )
        for row in rows
    ]
    Creator.objects.bulk_create(people)
    reason = _("list %(name)s") % {"name": source.name[:150]}
    TierChange.objects.bulk_create(
        [
            TierChange(creator=one, tier=one.tier, at=source.at, reason=reason, by=actor)
            for one in people
        ]
    )
    PayerName.objects.bulk_create(
        [
            PayerName(creator=one, name=str(row.values["payer_name"]))
            for one, row in zip(people, rows, strict=True)
            if row.values.get("payer_name")
        ]
    )
    return [
        CreatorImportRow(
            source=source,
            number=row.number,
            creator=one,
            what=CreatorImportRow.What.CREATED,
            after=_packed({key: getattr(one, key) for key in OWN} | _payer(row)),
        )
        for one, row in zip(people, rows, strict=True)
    ]


def _update(
    source: CreatorImport, rows: Sequence[PlanRow], actor: User | None
) -> list[CreatorImportRow]:
    people = Creator.objects.select_for_update(of=("self",)).in_bulk(
        {row.creator for row in rows if row.creator is not None}
    )
    kept, touched = [], set()
    tiers: dict[Creator, str] = {}
    names = []
    for row in rows:
        one = people[row.creator or 0]
        fields = {change.field: change for change in row.changes}
        for key in fields.keys() & _PLAIN:
            setattr(one, key, fields[key].after)
            touched.add(key)
        if "tier" in fields:
            tiers[one] = str(fields["tier"].after)
        if "payer_name" in fields:
            names.append(PayerName(creator=one, name=str(fields["payer_name"].after)))
        kept.append(
            CreatorImportRow(
                source=source,
                number=row.number,
                creator=one,
                what=CreatorImportRow.What.UPDATED,
                before=_packed({key: change.before for key, change in fields.items()}),
                after=_packed({key: change.after for key, change in fields.items()}),
            )
        )
    if touched:
        Creator.objects.bulk_update(people.values(), sorted(touched))
    PayerName.objects.bulk_create(names)
    reason = _("list %(name)s") % {"name": source.name[:150]}
    creators_set_tiers(wanted=tiers, reason=reason, actor=actor, at=source.at)
    return kept


def _payer(row: PlanRow) -> dict[str, Any]:
    return {"payer_name": row.values["payer_name"]} if row.values.get("payer_name") else {}


def _packed(values: Mapping[str, Any]) -> str:
    return json.dumps(
        {
            key: value.isoformat() if isinstance(value, date) else value
            for key, value in values.items()
        },
        ensure_ascii=False,
    )


@transaction.atomic
def creators_import_undo(
    *, source: CreatorImport, actor: User | None, tell: Tell = unheard
) -> CreatorImport:
    """Take a whole list back: who came with it goes, what it changed is as it was.

    What has been used or changed since stays, and `kept` says which and why; `tell` hears how many
    rows are done. Raises `DomainError` where it was taken back already.
    """
    locked = CreatorImport.objects.select_for_update(of=("self",)).get(pk=source.pk)
    if locked.undone_at is not None:
        raise DomainError(_("This list was taken back already."), "undone_already")
    lines = list(locked.lines.exclude(creator=None).order_by("number"))
    lines = [line for line in lines if line.after]  # who has left for good has nothing to restore
    ids = [line.creator_id for line in lines if line.creator_id is not None]
    people = Creator.objects.select_for_update(of=("self",)).in_bulk(ids)
    made = [line for line in lines if line.what == CreatorImportRow.What.CREATED]
    changed = [line for line in lines if line.what == CreatorImportRow.What.UPDATED]
    kept: list[dict[str, Any]] = []
    with audit.gathered():
        for done, some in _batches(made):
            tell(done, len(lines))
            kept += _unmake(locked, some, people)
        for done, some in _batches(changed):
            tell(len(made) + done, len(lines))
            kept += _restore(locked, some, people, actor)
    tell(len(lines), len(lines))
    locked.undone_at, locked.kept = timezone.now(), sorted(kept, key=lambda item: item["row"])
    locked.save(update_fields=["undone_at", "kept"])
    audit.record(
        "creators.import_undone", locked, actor=actor, data={"rows": len(lines), "kept": len(kept)}
    )
    return locked


def _unmake(
    source: CreatorImport, lines: Sequence[CreatorImportRow], people: Mapping[int, Creator]
) -> list[dict[str, Any]]:
    """Remove the creators that a list made and nobody has used or changed since."""
    ids = [line.creator_id or 0 for line in lines]
    used = uses_of(ids, besides=MADE_WITH_IT)
    later = set(
        TierChange.objects.filter(creator__in=ids)
        .exclude(at=source.at)
        .exclude(at__in=CreatorImport.objects.exclude(undone_at=None).values("at"))
        .values_list("creator_id", flat=True)
    )
    names: dict[int, list[str]] = defaultdict(list)
    for pk, name in PayerName.objects.filter(creator__in=ids).values_list("creator", "name"):
        names[pk].append(name)
    kept, gone = [], []
    for line in lines:
        one, after = people[line.creator_id or 0], json.loads(line.after)
        edited = [key for key in OWN if key != "tier" and _plain(getattr(one, key)) != after[key]]
        own_names = [after["payer_name"]] if "payer_name" in after else []
        if one.pk in used:
            kept.append(_kept(line, one, "used", used[one.pk]))
        elif edited or one.pk in later or names[one.pk] != own_names or one.user_id:
            kept.append(_kept(line, one, "edited", edited))
        else:
            gone.append(one.pk)
    Creator.objects.filter(pk__in=gone).delete()
    return kept


def _restore(
    source: CreatorImport,
    lines: Sequence[CreatorImportRow],
    people: Mapping[int, Creator],
    actor: User | None,
) -> list[dict[str, Any]]:
    """Give creators back what the list changed, field by field; later edits stay."""
    edited: dict[int, list[str]] = defaultdict(list)
    touched: set[str] = set()
    tiers: dict[Creator, str] = {}
    for line in lines:
        one = people[line.creator_id or 0]
        before, after = json.loads(line.before), json.loads(line.after)
        for key, value in after.items():
            if key == "tier":
                tiers[one] = before[key]
            elif key == "payer_name":
                one.payer_names.filter(name=value, by_account=False).delete()
            elif _plain(getattr(one, key)) == value:
                setattr(one, key, _back(key, before[key]))
                touched.add(key)
            else:
                edited[one.pk].append(key)
    if touched:
        changed = [people[line.creator_id or 0] for line in lines]
        Creator.objects.bulk_update(changed, sorted(touched))
    reverted = tier_changes_revert(
        before=tiers, at=source.at, reason=_("list taken back"), actor=actor
    )
    for one in tiers:
        if one.pk not in reverted:
            edited[one.pk].append("tier")
    return [
        _kept(line, people[line.creator_id or 0], "edited", edited[line.creator_id or 0])
        for line in lines
        if line.creator_id in edited
    ]


def _kept(line: CreatorImportRow, one: Creator, why: str, what: list[str]) -> dict[str, Any]:
    return {"row": line.number, "creator": one.pk, "name": one.name, "why": why, "what": what}


def _back(field: str, value: Any) -> Any:
    return date.fromisoformat(value) if field == "joined_on" else value


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
