from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class GenerationConfig(AppConfig):
    name = "generation"
    verbose_name = _("Pipeline and features")

    def ready(self) -> None:
        from crm import timeline
        from crm.services import leaving
        from crm.services import own_data as copies
        from crm.services import redactions as withdrawals
        from generation import creator_entries
        from generation.services import own_data, redactions
        from generation.services.templates import library_sync_after_migrate
        from insights.services import quote_limits

        withdrawals.REACHES += [redactions.reach, redactions.cases_reach]
        quote_limits.FORGETS.append(redactions.alarms_forget)
        copies.PORTIONS.append(own_data.portions)
        leaving.ENDS.append(own_data.end)
        post_migrate.connect(library_sync_after_migrate, sender=self)
        timeline.PROVIDERS["run"] = timeline.Provider(_("Pipeline runs"), creator_entries.runs)
        timeline.PROVIDERS["relief"] = timeline.Provider(_("Feedback"), creator_entries.reliefs)
        timeline.PROVIDERS["answer"] = timeline.Provider(_("Answers"), creator_entries.answers)
