from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InsightsConfig(AppConfig):
    name = "insights"
    verbose_name = _("Insight")

    def ready(self) -> None:
        from crm.services import leaving
        from crm.services import redactions as withdrawals
        from insights.services import redactions, voice

        withdrawals.REACHES.append(redactions.reach)
        leaving.ENDS.append(voice.end)
