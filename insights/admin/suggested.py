"""What the workspace shows of an assistant's suggestions."""

import uuid
from typing import Any

from django.utils.translation import gettext

from crm.models import Quoting, TranscriptVersion
from insights.assisting import suggestions_of
from insights.figures.parts import percent
from insights.findings.expected import expected
from insights.models import AssistantJob, QuoteLevel, Suggestion
from insights.services.assistants.ways import ways
from insights.statistics import Estimate


def workspace_context(transcript: TranscriptVersion | None) -> dict[str, Any]:
    """What the workspace shows of suggestions: those that wait, and the job that makes them."""
    if transcript is None:
        return {"suggestions": [], "suggest_ways": [], "suggest_job": None}
    job = AssistantJob.objects.filter(transcript=transcript, task=AssistantJob.Task.SUGGEST).first()
    return {
        "suggestions": listed(transcript),
        "suggest_ways": ways(),
        "suggest_job": job,
        "suggest_token": uuid.uuid4().hex,
    }


def listed(transcript: TranscriptVersion) -> list[dict[str, Any]]:
    return [
        {
            "id": row.pk,
            "start": row.start,
            "end": row.end,
            "text": row.text,
            "pain": row.pain_title,
            "new": row.pain is None,
            "colour": row.pain.colour if row.pain else "",
            "stance": row.stance,
            "stance_label": row.get_stance_display(),
            "why": row.because,
            "like": _like(row),
            "chance": _chance(estimate),
        }
        for row, estimate in expected(suggestions_of(transcript))
    ]


def _chance(estimate: Estimate) -> str:
    """How often people took suggestions like it, with interval and n."""
    if not estimate.publishable:
        return gettext("too few decided to say how likely (n = %(n)s)") % {"n": estimate.n}
    return gettext("taken of those like it: %(share)s (%(low)s–%(high)s, n = %(n)s)") % {
        "share": percent(estimate.value, 0),
        "low": percent(estimate.low, 0),
        "high": percent(estimate.high, 0),
        "n": estimate.n,
    }


def _like(row: Suggestion) -> str:
    like = row.like
    if like is None or like.transcript.interview.quoting == Quoting.WITHDRAWN:
        return ""
    if any(coding.held == QuoteLevel.NOWHERE for coding in like.evidence.all()):
        return ""
    return like.text[:120]
