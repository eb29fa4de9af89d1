from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GenerationConfig(AppConfig):
    name = "generation"
    verbose_name = _("Pipeline and features")

    def ready(self) -> None:
        from crm.services import redactions as withdrawals
        from generation.services import redactions

        withdrawals.REACHES.append(redactions.reach)
