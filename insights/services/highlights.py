"""Passages of a transcript become evidence: exactly what was said, tagged to a pain point."""

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from crm import audit
from crm.exceptions import DomainError
from crm.models import Interview, TranscriptVersion, User
from insights.models import Asked, Evidence, Highlight, PainPoint
from insights.services.codebook import next_colour


def utf16_to_code_points(text: str, start: int, end: int) -> tuple[int, int]:
    """Turn a browser's UTF-16 offsets into code points; raises `DomainError` inside a pair."""
    position = 0
    wanted = (start, end)
    if not 0 <= start <= end:
        raise DomainError(_("The selection is not in the transcript; select again."), "bad_range")
    found: dict[int, int] = {}
    for index, character in enumerate(text):
        if position in wanted:
            found[position] = index
        position += 2 if ord(character) > 0xFFFF else 1
    found.setdefault(position, len(text))
    if start not in found or end not in found:
        raise DomainError(_("The selection is not in the transcript; select again."), "bad_range")
    return found[start], found[end]


@transaction.atomic
def passage_tag(
    *,
    transcript: TranscriptVersion,
    start: int,
    end: int,
    pain: PainPoint,
    coder: User,
    quote: str | None = None,
    stance: str = Evidence.Stance.FOR,
    severity: int | None = None,
    frequency: str = "",
    workaround: str = "",
    spend_minor: int | None = None,
) -> Evidence:
    """Tag code points [start, end) of a transcript to a pain point, as read by `coder`.

    `quote`, where given, must equal the slice: what the person saw is what is stored. White space
    at both ends is left out. The interview then counts as having come to this pain point.
    """
    if not 0 <= start < end <= len(transcript.text):
        raise DomainError(_("The selection is not in the transcript; select again."), "bad_range")
    if quote is not None and transcript.text[start:end] != quote:
        raise DomainError(
            _("The transcript has changed since you selected; reload the page and select again."),
            "stale_selection",
        )
    passage = transcript.text[start:end]
    start += len(passage) - len(passage.lstrip())
    passage = passage.strip()
    if not passage:
        raise DomainError(_("Select some words first."), "empty_selection")
    # Locked, so that a merge cannot close it between this look and the row below.
    now = PainPoint.objects.select_for_update(no_key=True).values_list("status", flat=True)
    if now.get(pk=pain.pk) != PainPoint.Status.OPEN:
        raise DomainError(_("This pain point is closed; choose an open one."), "pain_closed")
    interview = transcript.interview
    if not interview.usable:
        raise DomainError(_("Consent to use this interview was withdrawn."), "withdrawn")
    highlight, _created = Highlight.objects.get_or_create(
        transcript=transcript,
        start=start,
        end=start + len(passage),
        defaults={"text": passage, "author": coder},
    )
    evidence = Evidence(
        highlight=highlight,
        pain=pain,
        coder=coder,
        stance=stance,
        severity=severity,
        frequency=frequency,
        workaround=workaround,
        spend_minor=spend_minor,
        creator_id=interview.creator_id,
        tier=interview.tier_then,
        interview=interview,
    )
    evidence.full_clean()
    evidence.save()
    Asked.objects.get_or_create(interview=interview, pain=pain)
    audit.record(
        "evidence.added", evidence, actor=coder, data={"pain": pain.pk, "highlight": highlight.pk}
    )
    return evidence


@transaction.atomic
def evidence_remove(*, evidence: Evidence, actor: User) -> None:
    """Take a coding back; the highlight goes with its last coding. Recorded in the audit trail.

    One that its speaker set a limit on stays: the limit holds whoever tags the passage next.
    """
    highlight = evidence.highlight
    audit.record(
        "evidence.removed",
        evidence,
        actor=actor,
        data={"pain": evidence.pain_id, "highlight": highlight.pk, "coder": evidence.coder_id},
    )
    evidence.delete()
    if not highlight.evidence.exists() and not highlight.limits.exists():
        highlight.delete()


@transaction.atomic
def pain_create(*, title: str, actor: User, step_id: int | None = None) -> PainPoint:
    """A new pain point in the words of whoever is coding; the same open title is the same one."""
    title = " ".join(title.split())
    if not title:
        raise DomainError(_("Name the pain point."), "empty_title")
    if len(title) > 120:
        raise DomainError(_("Name it in at most 120 characters."), "long_title")
    known = PainPoint.objects.open().filter(title_zh=title).first()
    if known is not None:
        return known
    pain = PainPoint.objects.create(
        title_zh=title, step_id=step_id, colour=next_colour(), created_by=actor
    )
    audit.record("pain.created", pain, actor=actor, data={"title": title})
    return pain


@transaction.atomic
def interview_set_asked(*, interview: Interview, pains: Collection[int], actor: User) -> None:
    """Set which pain points the interview came to; those with evidence in it always count."""
    evidenced = set(
        Evidence.objects.filter(highlight__transcript__interview=interview).values_list(
            "pain_id", flat=True
        )
    )
    wanted = set(PainPoint.objects.filter(pk__in=pains).values_list("pk", flat=True)) | evidenced
    rows = Asked.objects.filter(interview=interview)
    there = set(rows.values_list("pain_id", flat=True))
    rows.exclude(pain_id__in=wanted).delete()
    Asked.objects.bulk_create(
        [Asked(interview=interview, pain_id=pain) for pain in sorted(wanted - there)]
    )
    audit.record("interview.asked_set", interview, actor=actor, data={"pains": sorted(wanted)})
