from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.bilingual import in_language
from crm.encryption import EncryptedTextField
from crm.models.notes import NOTE_CREATORS, NOTE_TIERS
from crm.querysets import CreatorQuerySet


class Tier(models.TextChoices):
    HEAD = "head", _("Head")
    MID = "mid", _("Mid")
    ENTRY = "entry", _("Entry")


class Creator(models.Model):
    class Status(models.TextChoices):
        LEAD = "lead", _("Prospect")
        ACTIVE = "active", _("Active")
        PAUSED = "paused", _("Paused")
        LEFT = "left", _("Left")

    name = models.CharField(_("pen name"), max_length=80)
    handle = models.CharField(_("handle"), max_length=120, blank=True)
    platform = models.CharField(_("platform"), max_length=60, blank=True)
    tier = models.CharField(_("tier"), max_length=8, choices=Tier.choices)
    status = models.CharField(
        _("status"), max_length=8, choices=Status.choices, default=Status.ACTIVE
    )
    language = models.CharField(_("language"), max_length=12, default="zh-hans")
    city = models.CharField(_("city"), max_length=60, blank=True)
    followers = models.PositiveIntegerField(_("followers"), null=True, blank=True)
    income_minor = models.BigIntegerField(
        _("monthly income (fen)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("From creating, a month, in fen: 100 fen are 1 yuan."),
    )
    contact = EncryptedTextField(
        _("contact"), blank=True, help_text=_("Phone, WeChat or e-mail; encrypted at rest.")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="owned_creators",
        verbose_name=_("researcher"),
        limit_choices_to={"is_staff": True},
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="creator",
        verbose_name=_("portal login"),
    )
    time_zone = models.CharField(
        _("time zone"), max_length=40, blank=True, help_text=_("Empty: the house's own.")
    )
    joined_on = models.DateField(_("known since"), default=timezone.localdate)
    note = models.TextField(_("note"), blank=True)
    is_sample = models.BooleanField(_("sample"), default=False, editable=False)
    created_at = models.DateTimeField(_("added"), auto_now_add=True)

    objects = CreatorQuerySet.as_manager()

    class Meta:
        verbose_name = _("creator")
        verbose_name_plural = _("creators")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("handle"),
                "platform",
                name="creator_handle_once_a_platform",
                condition=~models.Q(handle=""),
                violation_error_message=_("A creator with this handle on this platform exists."),
            )
        ]
        triggers = NOTE_CREATORS

    def __str__(self) -> str:
        return self.name


class PayerName(models.Model):
    """A name under which a creator pays, as bills show it; the rule that matches payer to creator."""

    creator = models.ForeignKey(
        Creator, models.CASCADE, related_name="payer_names", verbose_name=_("creator")
    )
    name = models.CharField(_("name on the bill"), max_length=160)
    by_account = models.BooleanField(
        _("is an account"),
        default=False,
        help_text=_("The rule compares the payer's account, not the name."),
    )

    class Meta:
        verbose_name = _("payer name")
        verbose_name_plural = _("payer names")
        constraints = [
            models.UniqueConstraint(fields=["by_account", "name"], name="payer_name_once")
        ]

    def __str__(self) -> str:
        return self.name


class TierChange(models.Model):
    """History of a creator's tier: whoever counts by tier uses the tier at that time."""

    creator = models.ForeignKey(
        Creator, models.CASCADE, related_name="tier_changes", verbose_name=_("creator")
    )
    tier = models.CharField(_("tier"), max_length=8, choices=Tier.choices)
    at = models.DateTimeField(_("from"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    rule = models.ForeignKey(
        "crm.TierRule",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="changes",
        verbose_name=_("tier rule"),
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, verbose_name=_("by")
    )
    reverses = models.OneToOneField(
        "self", models.SET_NULL, null=True, blank=True, editable=False, related_name="reversal",
        verbose_name=_("takes back"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("tier change")
        verbose_name_plural = _("tier history")
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(fields=["creator", "at"], name="tier_change_once_a_moment")
        ]
        triggers = NOTE_TIERS

    def __str__(self) -> str:
        return f"{self.creator} {self.tier} {timezone.localtime(self.at):%Y-%m-%d}"


class AiTool(models.Model):
    name = models.CharField(_("name"), max_length=80, unique=True)

    class Meta:
        verbose_name = _("AI tool")
        verbose_name_plural = _("AI tools")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


RATING = [MinValueValidator(1), MaxValueValidator(5)]


class ToolUse(models.Model):
    """What a creator said of an AI tool at a moment; a later word is a row of its own."""

    class Level(models.TextChoices):
        UNAWARE = "unaware", _("Never heard of it")
        AWARE = "aware", _("Heard of it")
        TRIED = "tried", _("Tried it")
        REGULAR = "regular", _("Uses it")
        PAYING = "paying", _("Pays for it")

    creator = models.ForeignKey(
        Creator, models.CASCADE, related_name="tool_uses", verbose_name=_("creator")
    )
    tool = models.ForeignKey(AiTool, models.PROTECT, verbose_name=_("AI tool"))
    level = models.CharField(_("how well known"), max_length=8, choices=Level.choices)
    satisfaction = models.PositiveSmallIntegerField(
        _("satisfaction (1-5)"), null=True, blank=True, validators=RATING
    )
    spend_minor = models.BigIntegerField(
        _("spent a month (fen)"), default=0, validators=[MinValueValidator(0)]
    )
    first_heard = models.DateField(_("first heard of"), null=True, blank=True)
    at = models.DateTimeField(_("recorded"), default=timezone.now)
    interview = models.ForeignKey(
        "crm.Interview",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="tool_uses",
        verbose_name=_("said in"),
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, verbose_name=_("by")
    )

    class Meta:
        verbose_name = _("use of an AI tool")
        verbose_name_plural = _("use of AI tools")
        ordering = ["tool__name"]
        constraints = [
            models.UniqueConstraint(fields=["creator", "tool", "at"], name="tool_use_once"),
            models.CheckConstraint(
                condition=models.Q(satisfaction__isnull=True)
                | models.Q(satisfaction__range=(1, 5)),
                name="tool_use_satisfaction_1_to_5",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.creator} · {self.tool} · {self.get_level_display()}"


class WorkflowStep(models.Model):
    """A step of content production: topic, script, storyboard, drawing, voice, editing, publishing."""

    key = models.SlugField(_("key"), unique=True)
    title_zh = models.CharField(_("title in Chinese"), max_length=80)
    title_en = models.CharField(_("title in English"), max_length=80)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("workflow step")
        verbose_name_plural = _("workflow steps")
        ordering = ["position", "key"]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return in_language(self.title_zh, self.title_en)


class StepEffort(models.Model):
    """What a step of a piece took at a moment; a later word is a row of its own."""

    class AiShare(models.TextChoices):
        NONE = "none", _("No AI")
        ASSIST = "assist", _("AI assists")
        AUTOMATIC = "automatic", _("AI does it")

    creator = models.ForeignKey(
        Creator, models.CASCADE, related_name="step_efforts", verbose_name=_("creator")
    )
    step = models.ForeignKey(WorkflowStep, models.PROTECT, verbose_name=_("workflow step"))
    minutes = models.PositiveIntegerField(_("minutes a piece"))
    money_minor = models.BigIntegerField(
        _("money a piece (fen)"), default=0, validators=[MinValueValidator(0)]
    )
    ai = models.CharField(_("share of AI"), max_length=10, choices=AiShare.choices)
    quality = models.PositiveSmallIntegerField(
        _("quality accepted (1-5)"), null=True, blank=True, validators=RATING
    )
    at = models.DateTimeField(_("recorded"), default=timezone.now)
    interview = models.ForeignKey(
        "crm.Interview",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="step_efforts",
        verbose_name=_("said in"),
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, verbose_name=_("by")
    )

    class Meta:
        verbose_name = _("effort of a step")
        verbose_name_plural = _("effort by step")
        ordering = ["step__position"]
        constraints = [
            models.UniqueConstraint(fields=["creator", "step", "at"], name="step_effort_once"),
            models.CheckConstraint(
                condition=models.Q(quality__isnull=True) | models.Q(quality__range=(1, 5)),
                name="step_effort_quality_1_to_5",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.creator} · {self.step}"
