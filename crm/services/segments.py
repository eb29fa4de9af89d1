"""Segments saved, changed and given up."""

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from crm import audit
from crm.exceptions import DomainError
from crm.models import Segment, User
from crm.segments import conditions_of


@transaction.atomic
def segment_save(
    *,
    name: str,
    posted: Mapping[str, Sequence[str]],
    shared: bool,
    actor: User,
    segment: Segment | None = None,
) -> Segment:
    """Save a segment, or change one's own or the team's. Raises `DomainError`."""
    plain = " ".join(name.split())
    if not plain or len(plain) > 80:
        raise DomainError(_("Name the segment, in at most 80 characters."), "no_name")
    conditions = conditions_of(posted)
    if not conditions:
        raise DomainError(_("Choose at least one condition: without any it is everybody."), "empty")
    if segment is not None and not segment.shared and segment.by_id != actor.pk:
        raise DomainError(_("This segment is somebody else's."), "not_yours")
    if segment is not None and not shared and segment.by_id != actor.pk:
        raise DomainError(_("Only who made it can take a segment away from the team."), "not_yours")
    row = segment or Segment(by=actor)
    row.name, row.conditions, row.shared = plain, conditions, shared
    row.save()
    audit.record("segment.saved", row, actor=actor, data={"name": plain, "conditions": conditions})
    return row


@transaction.atomic
def segment_delete(*, segment: Segment, actor: User) -> None:
    """Give a segment up; it holds no people, so nothing else goes with it."""
    if segment.by_id != actor.pk and not (segment.shared and actor.has_perm("crm.delete_segment")):
        raise DomainError(_("This segment is somebody else's."), "not_yours")
    audit.record("segment.deleted", segment, actor=actor, data={"name": segment.name})
    segment.delete()
