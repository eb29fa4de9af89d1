"""A character of a storyboard: its sheet, its look to edit, the shots that follow."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from crm.exceptions import DomainError
from crm.http import PortalRequest
from generation.look_page import LookChange, change_of, edit_sent, form_of, tiles_of
from generation.selectors import characters_visible_to, look_kept, shots_with
from generation.services.character_looks import LookEdit, look_edit
from generation.studio_forms import RedoForm

SHOTS_A_PAGE = 120


@never_cache
@require_http_methods(["GET", "POST"])
def character(request: PortalRequest, pk: int) -> HttpResponse:
    """The sheet with its form; `do` is look or save."""
    row = get_object_or_404(
        characters_visible_to(request.creator).select_related("run__novel"), pk=pk
    )
    edit: LookEdit | None = None
    change: LookChange | None = None
    if request.method == "POST":
        edit = edit_sent(request.POST)
        try:
            if request.POST.get("do") != "look":
                keep = request.POST.get("keep") == "yes"
                changed = look_edit(character=row, edit=edit, keep=keep, actor=request.user)
                _say(request, len(changed))
                return redirect("portal:character", row.pk)
            change = change_of(row, edit)
        except DomainError as error:
            messages.error(request, str(error))
    page = Paginator(shots_with(row), SHOTS_A_PAGE).get_page(request.GET.get("page"))
    tiles = tiles_of(row, list(page.object_list))
    return render(
        request,
        "portal/character.html",
        {
            "person": row,
            "run": row.run,
            "look": form_of(row, edit),
            "change": change,
            "kept": look_kept(row),
            "keep": edit is None or request.POST.get("keep") == "yes",
            "page": page,
            "tiles": tiles,
            "old": sum(tile.old for tile in tiles),
            "form": RedoForm.fresh(),
        },
    )


def _say(request: PortalRequest, shots: int) -> None:
    if not shots:
        messages.info(request, _("Nothing was changed."))
        return
    messages.success(
        request,
        ngettext(
            "Saved. %(n)s shot follows; its picture shows it once it is drawn again.",
            "Saved. %(n)s shots follow; their pictures show it once they are drawn again.",
            shots,
        )
        % {"n": shots},
    )
