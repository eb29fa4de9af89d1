"""The portal's door: inside the `portal` namespace there is a creator, or the page does not exist."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from crm.selectors import creator_of


class PortalMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> None:
        match = request.resolver_match
        if match is None or "portal" not in match.namespaces or not request.user.is_authenticated:
            return
        creator = creator_of(request.user)
        if creator is None:
            raise Http404
        request.creator = creator  # type: ignore[attr-defined]
