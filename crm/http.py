from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from crm.models import Creator, User


class PortalRequest(HttpRequest):
    """A request inside the portal: the middleware has put the creator on it."""

    creator: Creator
    user: User
    htmx: HtmxDetails
