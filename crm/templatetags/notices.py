from django import template
from django.http import HttpRequest

from crm.notice_reads import unread_notices

register = template.Library()


@register.simple_tag(takes_context=True)
def waiting_notices(context: template.Context) -> int:
    """How many notices the creator of this request has not read yet."""
    request: HttpRequest | None = context.get("request")
    creator = getattr(request, "creator", None)
    return unread_notices(creator) if creator is not None else 0
