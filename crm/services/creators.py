"""What creators say of themselves."""

from django.db import transaction
from django.utils.translation import gettext as _

from crm import audit
from crm.exceptions import DomainError
from crm.models import Creator, User
from crm.zones import zone_names


@transaction.atomic
def creator_set_zone(*, creator: Creator, zone: str, actor: User | None = None) -> None:
    """In which time zone a creator reads times; empty is the house's. Raises `DomainError`."""
    if zone and zone not in zone_names():
        raise DomainError(_("Choose a time zone from the list."), "no_zone")
    Creator.objects.filter(pk=creator.pk).update(time_zone=zone)
    creator.time_zone = zone
    audit.record("creator.zone_set", creator, actor=actor, data={"zone": zone})
