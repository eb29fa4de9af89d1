from django.contrib.auth.models import AbstractUser
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """A login: a member of the product team (`is_staff`) or a creator (has a `Creator` row)."""

    class Meta(AbstractUser.Meta):
        verbose_name = _("login")  # type: ignore[assignment]  # lazy, as everywhere in Django
        verbose_name_plural = _("logins")  # type: ignore[assignment]
