"""Files taken out before that may hold words which may go no further: out of reach, so their takers are asked."""

from collections.abc import Callable

from django.conf import settings
from django.db.models import Min, QuerySet
from django.utils.translation import override

from crm.models import AuditEntry, Interview
from crm.services.team_notices import team_tell
from insights.models import ExchangeJob

Letter = Callable[[str], tuple[str, str]]
"""Takes the formats of the files, returns subject and body, in the language that is active."""


def exports_recall(*, topic: str, interviews: QuerySet[Interview], letter: Letter) -> int:
    """Ask whoever exported a study with words of these interviews to delete it; returns exports.

    Files that still wait to be fetched are forgotten.
    """
    held = {
        str(study): since
        for study, since in interviews.filter(study__isnull=False, transcripts__isnull=False)
        .order_by()
        .values_list("study_id")
        .annotate(since=Min("transcripts__created_at"))
    }
    ExchangeJob.objects.filter(study__in=list(map(int, held))).exclude(data=b"").update(data=b"")
    taken = [
        entry
        for entry in AuditEntry.objects.filter(
            action="study.exported", object_id__in=held
        ).select_related("actor")
        if entry.at >= held[entry.object_id] and entry.data.get("format") != "qdc"
    ]
    people = {entry.actor for entry in taken if entry.actor is not None}
    with override(settings.LANGUAGE_CODE):
        subject, body = letter(
            ", ".join(sorted({str(entry.data.get("format", "")) for entry in taken}))
        )
        team_tell(topic=topic, people=people, subject=subject, body=body)
    return len(taken)
