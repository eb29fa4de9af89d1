"""Who may open the admin's own pages, and rows that only the machine writes."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from unfold.admin import ModelAdmin

from engines.admin.paging import LargePaginator


def guarded(
    site: admin.AdminSite, view: Callable[..., HttpResponseBase], permission: str
) -> Callable[..., HttpResponseBase]:
    """A page of ours inside the admin: for staff who hold `permission`; others get 403."""

    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm(permission):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return site.admin_view(checked)


class ReadOnlyAdmin(ModelAdmin):
    """Rows that the machine writes: to be read, never changed by hand, and as many as there come."""

    paginator = LargePaginator

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        return False
