"""What stands between two sentences that a page puts side by side."""

from django import template
from django.utils.translation import get_language

register = template.Library()


@register.simple_tag
def gap() -> str:
    """A space; Chinese has none, its full stop is wide enough."""
    return "" if (get_language() or "").startswith("zh") else " "
