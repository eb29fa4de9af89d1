"""The portal's door: inside the `portal` namespace there is a creator, or the page does not exist."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from crm.selectors import creator_of


class PortalMiddleware:
    """Puts the creator on the request; on the pages of the login too, so that the portal's head
    stays where a creator looks after their password."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> None:
        match = request.resolver_match
        if match is None or not request.user.is_authenticated:
            return
        in_portal = "portal" in match.namespaces
        if not in_portal and not request.path.startswith(reverse("account_home")):
            return
        creator = creator_of(request.user)
        if creator is not None:
            request.creator = creator  # type: ignore[attr-defined]
        elif in_portal:
            raise Http404
