from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InsightsConfig(AppConfig):
    name = "insights"
    verbose_name = _("Insight")

    def ready(self) -> None:
        from crm import audit, segments, timeline
        from crm.services import leaving, versions
        from crm.services import redactions as withdrawals
        from insights import creator_entries, selectors
        from insights.services import carrying, redactions, voice

        withdrawals.REACHES.append(redactions.reach)
        versions.CARRIES.append(carrying.carry)
        leaving.ENDS.append(voice.end)
        audit.WITHHOLDS.append(selectors.acts_withheld)
        timeline.PROVIDERS["quote"] = timeline.Provider(_("Quotes"), creator_entries.quotes)
        timeline.PROVIDERS["need"] = timeline.Provider(_("Ratings"), creator_entries.needs)
        timeline.PROVIDERS["check"] = timeline.Provider(_("Checked quotes"), creator_entries.checks)
        segments.CONDITIONS["pain"] = segments.Condition(
            _("raised the pain point"), creator_entries.pains, creator_entries.raised
        )
