from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from crm.models import Creator, User


class PortalRequest(HttpRequest):
    """A request inside the portal: the middleware has put the creator on it."""

    creator: Creator
    user: User
    htmx: HtmxDetails


def whole_number(text: str, digits: int = 18) -> int | None:
    """A whole number as a form sent it, of at most so many digits; None where it is none.

    More digits than a key of a row has are none either: Python refuses to read some thousands.
    """
    return int(text) if text.isdecimal() and len(text) <= digits else None


def actor_of(request: HttpRequest) -> User | None:
    """The logged-in user as services want their actor."""
    return request.user if isinstance(request.user, User) else None
