"""What may leave the house: no claim goes out while counter-evidence on it is unread."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from crm.exceptions import DomainError
from insights.selectors import UnreadPain, unread_pains


class UnreadError(DomainError):
    """Counter-evidence that nobody has read stands against showing a claim; `pains` says where."""

    def __init__(self, pains: tuple[UnreadPain, ...]) -> None:
        named = ", ".join(f"{item.title} ({item.unread})" for item in pains[:5])
        more = "…" if len(pains) > 5 else ""
        super().__init__(
            _("Counter-evidence is unread, so this cannot be shown outside yet: %(pains)s")
            % {"pains": named + more},
            "against_unread",
        )
        self.pains = pains


def refuse_unread(pain_ids: Collection[int]) -> None:
    """Raise `UnreadError` where evidence against one of these pain points is unread."""
    found = unread_pains(pain_ids)
    if found:
        raise UnreadError(found)
