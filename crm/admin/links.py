"""Links from a fact to the decisions that rest on it."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString


def dossier_links(justifications: Iterable[Any]) -> SafeString | str:
    """Each feature that a justification is for, as a link to its dossier; a dash for none.

    The rows come by the reverse relation: crm and insight know nothing of features, only the page
    that shows one by its name.
    """
    rows = [
        (reverse("admin:generation_dossier", args=[row.feature.key]), row.feature.title, row.claim)
        for row in justifications
    ]
    return format_html_join("", '<p><a class="pj-link" href="{}">{}</a> — {}</p>', rows) or "—"
