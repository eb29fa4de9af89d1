from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InsightsConfig(AppConfig):
    name = "insights"
    verbose_name = _("Insight")

    def ready(self) -> None:
        from crm.services import redactions as withdrawals
        from crm.services import versions
        from insights.services import carrying, redactions

        withdrawals.REACHES.append(redactions.reach)
        versions.CARRIES.append(carrying.carry)
