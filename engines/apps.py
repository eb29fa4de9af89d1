from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EnginesConfig(AppConfig):
    name = "engines"
    verbose_name = _("Engines and their cost")

    def ready(self) -> None:
        from engines import checks  # noqa: F401  registers itself
