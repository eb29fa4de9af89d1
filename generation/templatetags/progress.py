from django import template

from generation.board_page import progress_of
from generation.models import Run

register = template.Library()


@register.filter
def percent(run: Run) -> int:
    """How far a run is, over all its stages."""
    return progress_of(run).percent
