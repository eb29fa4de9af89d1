"""What insight adds to a creator's timeline and to segments: quotes, ratings, raised pains."""

from collections.abc import Sequence

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.segments import Choice
from crm.timeline import Asked, Entry
from insights.models import Evidence, MemberCheck, Need, PainPoint
from insights.querysets import EvidenceQuerySet
from insights.selectors import blind_interviews


def quotes(asked: Asked) -> list[Entry]:
    """What was quoted, at the time when it was coded, as far as it may be quoted."""
    rows = _shown(asked).filter(creator=asked.creator)
    rows = rows.select_related("highlight", "pain", "coder")
    return [
        Entry(
            row.created_at,
            asked.kind,
            row.pk,
            f"{row.pain} · {row.get_stance_display()}",
            row.highlight.text[:240],
            f"{reverse('admin:insights_pain_page', args=[row.pain_id])}#e{row.pk}",
        )
        for row in asked.newest(rows, "created_at")
    ]


def _shown(asked: Asked) -> EvidenceQuerySet:
    """Without what others said of interviews that the reader still codes blind."""
    rows = Evidence.objects.quotable()
    if asked.reader is None:
        return rows
    return rows.seen_by(asked.reader, blind_interviews(asked.reader))


def checks(asked: Asked) -> list[Entry]:
    """What the creator said of their quotes."""
    rows = MemberCheck.objects.filter(
        creator=asked.creator, evidence__in=_shown(asked)
    ).select_related("evidence__pain")
    return [
        Entry(
            row.at,
            asked.kind,
            row.pk,
            f"{row.evidence.pain} · {row.get_verdict_display()}",
            row.correction[:240],
            f"{reverse('admin:insights_pain_page', args=[row.evidence.pain_id])}#e{row.evidence_id}",
        )
        for row in asked.newest(rows)
    ]


def needs(asked: Asked) -> list[Entry]:
    rows = Need.objects.filter(creator=asked.creator).select_related("pain")
    return [
        Entry(
            row.at,
            asked.kind,
            row.pk,
            str(row.pain),
            _("importance %(importance)s, satisfaction %(satisfaction)s")
            % {"importance": row.importance, "satisfaction": row.satisfaction or "—"},
            reverse("admin:insights_need_change", args=[row.pk]),
        )
        for row in asked.newest(rows)
    ]


def pains() -> list[Choice]:
    return [(str(pain.pk), pain.title) for pain in PainPoint.objects.open().order_by("title_zh")]


def raised(values: Sequence[str]) -> Q:
    """Creators who raised one of the pain points, by evidence that may be used."""
    keys = [int(value) for value in values if value.isdecimal() and len(value) < 19]
    said = Evidence.objects.filter(pain__in=keys, stance=Evidence.Stance.FOR).usable()
    return Q(pk__in=said.order_by().values("creator_id"))
