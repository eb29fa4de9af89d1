from django import template

from crm.services.joining import is_open

register = template.Library()


@register.simple_tag
def signup_is_open() -> bool:
    """Whether anybody may sign up, so that a page may offer it."""
    return is_open()
