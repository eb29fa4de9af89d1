"""What stands below a panel besides its own notes."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from insights.kept import Kept


def made_at(found: Kept[Any]) -> list[str]:
    """When an answer was made, where something has changed since; else nothing."""
    if found.current:
        return []
    at = f"{timezone.localtime(found.at):%Y-%m-%d %H:%M}"
    return [_("As of %(at)s. What has changed since comes in within a minute.") % {"at": at}]
