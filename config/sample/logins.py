"""The sample logins: known to everybody, so they exist on the embedded default only."""

from dataclasses import dataclass

from django.conf import settings

from crm.models import User


@dataclass(frozen=True)
class Login:
    role: str
    username: str
    password: str


SAMPLE = (
    Login("team", "pm", "pingju-sample"),
    Login("creator", "creator", "pingju-sample"),
)


def shown() -> tuple[Login, ...]:
    """The logins, while the sample workspace is loaded and may be; else none."""
    if not (settings.EMBEDDED and settings.SAMPLE_WORKSPACE):
        return ()
    there = set(
        User.objects.filter(
            username__in=[login.username for login in SAMPLE], is_active=True
        ).values_list("username", flat=True)
    )
    return tuple(login for login in SAMPLE if login.username in there)
