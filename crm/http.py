from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from crm.models import Creator, User


class PortalRequest(HttpRequest):
    """A request inside the portal: the middleware has put the creator on it."""

    creator: Creator
    user: User
    htmx: HtmxDetails


def actor_of(request: HttpRequest) -> User | None:
    """The logged-in user as services want their actor."""
    return request.user if isinstance(request.user, User) else None
