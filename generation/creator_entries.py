"""What the pipeline adds to a creator's timeline: runs, and what was said of their results."""

from django.urls import reverse
from django.utils.translation import gettext as _

from crm.timeline import Asked, Entry
from generation.models import AnswerNotice, Relief, Run


def runs(asked: Asked) -> list[Entry]:
    rows = Run.objects.filter(novel__creator=asked.creator).select_related("novel")
    return [
        Entry(
            row.queued_at,
            asked.kind,
            row.pk,
            _("Run of “%(title)s”") % {"title": row.novel.title},
            str(row.get_state_display()),
            reverse("admin:generation_run_change", args=[row.pk]),
        )
        for row in asked.newest(rows, "queued_at")
    ]


def reliefs(asked: Asked) -> list[Entry]:
    """How much a pain hurt before and after a feature, as the creator said."""
    rows = Relief.objects.filter(creator=asked.creator).select_related("feature", "pain")
    return [
        Entry(
            row.at,
            asked.kind,
            row.pk,
            f"{row.feature.title} · {row.pain}",
            _("before %(before)s, after %(after)s") % {"before": row.before, "after": row.after},
            reverse("admin:generation_dossier", args=[row.feature.key]),
        )
        for row in asked.newest(rows)
    ]


def answers(asked: Asked) -> list[Entry]:
    """What the team told the creator of what became of their words."""
    rows = AnswerNotice.objects.filter(creator=asked.creator).select_related("answer__feature")
    return [
        Entry(
            row.queued_at,
            asked.kind,
            row.pk,
            f"{row.answer.feature.title} · {row.answer.get_kind_display()}",
            row.answer.text[:240],
        )
        for row in asked.newest(rows, "queued_at")
    ]
