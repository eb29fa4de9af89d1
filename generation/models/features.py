import pgtrigger
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.bilingual import in_language
from crm.models import Payment, Tier
from crm.models.changes import noted
from insights.models import PainPoint


class PipelineStep(models.TextChoices):
    CHAPTERS = "chapters", _("Chapters")
    CAST = "cast", _("Cast")
    STORYBOARD = "storyboard", _("Storyboard")
    FRAMES = "frames", _("Frames")
    FILM = "film", _("Film")


class Feature(models.Model):
    """Something we build, or think of building, for a step of the pipeline; evidence must carry it."""

    class Status(models.TextChoices):
        IDEA = "idea", _("Idea")
        JUSTIFIED = "justified", _("Justified")
        BUILDING = "building", _("Being built")
        LIVE = "live", _("Live")
        WATCHED = "watched", _("Watched")
        RETIRED = "retired", _("Retired")

    key = models.SlugField(_("key"), unique=True)
    title_zh = models.CharField(_("title in Chinese"), max_length=120)
    title_en = models.CharField(_("title in English"), max_length=160, blank=True)
    step = models.CharField(_("pipeline step"), max_length=12, choices=PipelineStep.choices)
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.IDEA
    )
    hypothesis_zh = models.TextField(_("hypothesis in Chinese"), blank=True)
    hypothesis_en = models.TextField(_("hypothesis in English"), blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        limit_choices_to={"is_staff": True},
        verbose_name=_("owner"),
    )
    open_to_votes = models.BooleanField(
        _("open to creators' votes"),
        default=False,
        help_text=_("Creators read its title and hypothesis and put points on it."),
    )
    is_sample = models.BooleanField(_("sample"), default=False, editable=False)

    class Meta:
        verbose_name = _("feature")
        verbose_name_plural = _("features")
        ordering = ["step", "key"]
        triggers = [
            pgtrigger.Trigger(
                name="building_needs_a_pass",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("status"),
                when=pgtrigger.Before,
                # A pass is written by the transaction that starts the work, and counts in it alone.
                func="""
                    IF NEW.status = 'building' AND OLD.status IS DISTINCT FROM 'building'
                       AND NOT EXISTS (
                           SELECT 1 FROM generation_gatepass
                            WHERE feature_id = NEW.id
                              AND xid = pg_current_xact_id()::text::bigint)
                    THEN
                        RAISE EXCEPTION 'a feature is built only with a pass of the gate'
                              USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return in_language(self.title_zh, self.title_en)

    @property
    def hypothesis(self) -> str:
        return in_language(self.hypothesis_zh, self.hypothesis_en)


class Justification(models.Model):
    """Why a feature exists: a claim and the one thing that it rests on, a pain point or a payment."""

    feature = models.ForeignKey(
        Feature, models.PROTECT, related_name="justifications", verbose_name=_("feature")
    )
    claim_zh = models.CharField(_("claim in Chinese"), max_length=300)
    claim_en = models.CharField(_("claim in English"), max_length=300, blank=True)
    pain = models.ForeignKey(
        PainPoint,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="justifies",
        verbose_name=_("pain point"),
    )
    payment = models.ForeignKey(
        Payment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="justifies",
        verbose_name=_("payment"),
    )
    created_at = models.DateTimeField(_("added"), auto_now_add=True)

    class Meta:
        verbose_name = _("justification")
        verbose_name_plural = _("justifications")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(pain__isnull=False, payment__isnull=True)
                | Q(pain__isnull=True, payment__isnull=False),
                name="justification_has_one_target",
                violation_error_message=_(
                    "Choose a pain point or a payment, exactly one of the two."
                ),
            ),
            models.UniqueConstraint(
                fields=["feature", "pain"],
                name="justification_pain_once",
                condition=Q(pain__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["feature", "payment"],
                name="justification_payment_once",
                condition=Q(payment__isnull=False),
            ),
        ]
        triggers = [noted("justification")]

    def __str__(self) -> str:
        return self.claim

    @property
    def claim(self) -> str:
        return in_language(self.claim_zh, self.claim_en)


class Criterion(models.Model):
    """A bar set before the data: evaluated by code, fixed once locked.

    One that decides "build" is missed when it does not hold by `due`; one that decides "kill" is
    missed as soon as it holds.
    """

    class Decides(models.TextChoices):
        BUILD = "build", _("Build if")
        KILL = "kill", _("Kill if")

    class Metric(models.TextChoices):
        PREVALENCE_LOW = "prevalence_low", _("Lower bound of prevalence")
        PAYERS = "payers", _("Paying creators")
        ACCEPTED_RATE = "accepted_rate", _("Accepted results, share")
        RUNS = "runs", _("Pipeline runs")
        RELIEF = "relief", _("Relief, mean difference")

    class Operator(models.TextChoices):
        AT_LEAST = ">=", _("at least")
        AT_MOST = "<=", _("at most")

    feature = models.ForeignKey(
        Feature, models.PROTECT, related_name="criteria", verbose_name=_("feature")
    )
    decides = models.CharField(
        _("decides"), max_length=6, choices=Decides.choices, default=Decides.BUILD
    )
    text_zh = models.CharField(_("criterion in Chinese"), max_length=300)
    text_en = models.CharField(_("criterion in English"), max_length=300, blank=True)
    metric = models.CharField(_("metric"), max_length=20, choices=Metric.choices)
    tier = models.CharField(_("tier"), max_length=8, choices=Tier.choices, blank=True)
    minimum_n = models.PositiveIntegerField(_("smallest n"), default=5)
    operator = models.CharField(
        _("must be"), max_length=2, choices=Operator.choices, default=Operator.AT_LEAST
    )
    threshold = models.DecimalField(_("threshold"), max_digits=12, decimal_places=4)
    due = models.DateField(_("due by"), null=True, blank=True)
    locked_at = models.DateTimeField(_("locked"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("added"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        ordering = ["due", "pk"]
        triggers = [
            pgtrigger.Protect(
                name="fixed_once_locked",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__locked_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        return in_language(self.text_zh, self.text_en)


class Verdict(models.Model):
    """A decision with the numbers it was taken on; rows are only added."""

    class Decision(models.TextChoices):
        BUILD = "build", _("Build")
        KEEP = "keep", _("Keep")
        KILL = "kill", _("Kill")
        WAIT = "wait", _("Wait for more data")

    feature = models.ForeignKey(
        Feature, models.PROTECT, related_name="verdicts", verbose_name=_("feature")
    )
    decision = models.CharField(_("decision"), max_length=6, choices=Decision.choices)
    why = models.TextField(_("why"))
    confidence = models.DecimalField(
        _("confidence"),
        max_digits=3,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(1)],
        help_text=_("How sure, from 0 to 1, that the criteria will be met."),
    )
    numbers = models.JSONField(_("numbers then"), default=dict, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, verbose_name=_("by")
    )
    at = models.DateTimeField(_("time"))

    class Meta:
        verbose_name = _("verdict")
        verbose_name_plural = _("verdicts")
        ordering = ["-at"]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.feature} · {self.get_decision_display()}"
