import pgtrigger
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.models import Creator, Interview, Quoting, Tier, TranscriptVersion
from crm.models.changes import noted
from insights.models.pains import PainPoint
from insights.querysets import EvidenceQuerySet


def text_is_the_slice(what: str) -> pgtrigger.Trigger:
    """A trigger of rows with `transcript`, `start`, `end`, `text`: nobody stores what was not said."""
    return pgtrigger.Trigger(
        name="text_is_the_slice",
        operation=pgtrigger.Insert | pgtrigger.Update,
        when=pgtrigger.Before,
        declare=[("said", "text")],
        func=f"""
                    SELECT substr(text, NEW.start + 1, NEW."end" - NEW.start) INTO said
                      FROM crm_transcriptversion WHERE id = NEW.transcript_id;
                    IF said IS DISTINCT FROM NEW.text THEN
                        RAISE EXCEPTION '{what} differs from its transcript slice'
                              USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,  # noqa: S608  a word of ours, not data
    )


class Highlight(models.Model):
    """A passage of one transcript version: code points [start, end), `text` equal to that slice.

    The equality is checked by the database, so no route can store a quote that was not said.
    """

    transcript = models.ForeignKey(
        TranscriptVersion, models.PROTECT, related_name="highlights", verbose_name=_("transcript")
    )
    start = models.PositiveIntegerField(_("from"))
    end = models.PositiveIntegerField(_("to"))
    text = models.TextField(_("quote"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("highlighted by"),
    )
    created_at = models.DateTimeField(_("added"), auto_now_add=True)

    class Meta:
        verbose_name = _("highlight")
        verbose_name_plural = _("highlights")
        ordering = ["transcript", "start"]
        constraints = [
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="highlight_range"),
            models.UniqueConstraint(
                fields=["transcript", "start", "end"], name="highlight_passage_once"
            ),
        ]
        triggers = [text_is_the_slice("highlight text")]

    def __str__(self) -> str:
        return self.text[:60]


class QuoteLevel(models.IntegerChoices):
    """How far one passage may go, whatever was agreed to for its interview; a higher one is stricter."""

    AGREED = 0, _("As agreed for the interview")
    NAMELESS = 1, _("Only anonymously")
    TEAM = 2, _("Only inside the team")
    NOWHERE = 3, _("Not at all")


def narrowed(quoting: str, held: int) -> str:
    """What a quote may be used for: what its interview's consents say (`Quoting`), or less."""
    if held >= QuoteLevel.NOWHERE or quoting == Quoting.WITHDRAWN:
        return Quoting.WITHDRAWN.value
    if held == QuoteLevel.TEAM:
        return Quoting.UNASKED.value
    if held == QuoteLevel.NAMELESS and quoting == Quoting.NAMED:
        return Quoting.ANONYMOUS.value
    return quoting


class Evidence(models.Model):
    """One coder's reading of one highlight for one pain point; two coders are two rows.

    `creator` and `tier` repeat what the highlight's interview says, fixed at coding time, so that
    counting by tier uses the tier at the time of the interview without joining four tables.
    `interview` is the highlight's, `held` the strictest limit that the speaker set on the passage;
    the database fills both in whatever way a row comes in.
    """

    class Stance(models.TextChoices):
        FOR = "for", _("For")
        AGAINST = "against", _("Against")

    class Frequency(models.TextChoices):
        EVERY_PIECE = "every_piece", _("With every piece")
        WEEKLY = "weekly", _("Every week")
        SOMETIMES = "sometimes", _("Sometimes")

    highlight = models.ForeignKey(
        Highlight, models.PROTECT, related_name="evidence", verbose_name=_("highlight")
    )
    pain = models.ForeignKey(
        PainPoint, models.PROTECT, related_name="evidence", verbose_name=_("pain point")
    )
    coder = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("coder")
    )
    stance = models.CharField(_("stance"), max_length=8, choices=Stance.choices, default=Stance.FOR)
    severity = models.PositiveSmallIntegerField(
        _("severity (1-5)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(5)],
    )
    frequency = models.CharField(
        _("frequency"), max_length=12, choices=Frequency.choices, blank=True
    )
    workaround = models.CharField(_("workaround"), max_length=240, blank=True)
    spend_minor = models.BigIntegerField(
        _("spent on it a month (fen)"), null=True, blank=True, validators=[MinValueValidator(0)]
    )
    creator = models.ForeignKey(
        Creator, models.PROTECT, related_name="+", verbose_name=_("creator"), editable=False
    )
    tier = models.CharField(_("tier then"), max_length=8, choices=Tier.choices, editable=False)
    interview = models.ForeignKey(
        Interview, models.PROTECT, related_name="+", verbose_name=_("interview"), editable=False
    )
    held = models.PositiveSmallIntegerField(
        _("may be quoted"), choices=QuoteLevel.choices, default=QuoteLevel.AGREED,
        db_default=QuoteLevel.AGREED, editable=False,
    )  # fmt: skip
    created_at = models.DateTimeField(_("added"), auto_now_add=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["highlight", "pain", "coder"],
                name="evidence_once_a_coder",
                violation_error_message=_("You have tagged this passage to this pain point."),
            ),
            models.CheckConstraint(
                condition=Q(severity__isnull=True) | Q(severity__range=(1, 5)),
                name="evidence_severity_1_to_5",
            ),
        ]
        indexes = [
            models.Index(fields=["pain", "tier", "creator"], name="evidence_pain_tier"),
            # Counting by pain point reads this alone, never the rows.
            models.Index(
                fields=["pain", "stance", "creator", "interview"],
                include=["held"],
                name="evidence_pain_counted",
            ),
            models.Index(
                fields=["interview"],
                condition=Q(held=QuoteLevel.NOWHERE),
                name="evidence_held_back",
            ),
            models.Index(fields=["pain", "stance", "tier", "-id"], name="evidence_pain_newest"),
            models.Index(fields=["stance", "interview", "pain"], name="evidence_mentions"),
            models.Index(fields=["-created_at", "-id"], name="evidence_newest"),
        ]
        triggers = [
            noted("evidence"),
            pgtrigger.Trigger(
                name="interview_is_the_highlights",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("highlight_id", "interview_id"),
                when=pgtrigger.Before,
                func="""
                    SELECT t.interview_id INTO NEW.interview_id
                      FROM insights_highlight h
                      JOIN crm_transcriptversion t ON t.id = h.transcript_id
                     WHERE h.id = NEW.highlight_id;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="limits_decide",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func="""
                    NEW.held := pingju_quote_held(NEW.highlight_id);
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pain}: {self.highlight}"

    @property
    def quoting(self) -> str:
        """What may be done with these words (`Quoting`); reads the interview."""
        return narrowed(self.interview.quoting, self.held)


class Asked(models.Model):
    """That an interview came to a pain point, raised or not: the honest denominator of prevalence."""

    interview = models.ForeignKey(
        Interview, models.CASCADE, related_name="asked", verbose_name=_("interview")
    )
    pain = models.ForeignKey(
        PainPoint, models.PROTECT, related_name="asked", verbose_name=_("pain point")
    )

    class Meta:
        verbose_name = _("topic asked about")
        verbose_name_plural = _("topics asked about")
        constraints = [
            models.UniqueConstraint(fields=["interview", "pain"], name="asked_once_an_interview")
        ]
        triggers = [noted("asked")]

    def __str__(self) -> str:
        return f"{self.interview} · {self.pain}"
