from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CrmConfig(AppConfig):
    name = "crm"
    verbose_name = _("Creators and interviews")

    def ready(self) -> None:
        from crm import spending  # noqa: F401  listens to what the engines' room tells
        from crm.services import leaving, recordings, records, redactions

        redactions.REACHES.append(recordings.reach)
        leaving.ENDS.append(records.end)
