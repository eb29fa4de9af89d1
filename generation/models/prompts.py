"""The prompt library: templates with versions that never change and aliases that move."""

import pgtrigger
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.bilingual import in_language
from generation.models.runs import Run

TEAM = settings.AUTH_USER_MODEL
CURRENT = "current"
"""The alias that a bare name means."""


class PromptTemplate(models.Model):
    """What a template is for and worth. What it says is in its versions."""

    class Makes(models.TextChoices):
        PICTURE = "picture", _("Shot → picture")
        STORYBOARD = "storyboard", _("Text → storyboard")

    class Family(models.TextChoices):
        TAGS = "tags", _("Tags (SD, SDXL)")
        NATURAL = "natural", _("Sentences (ComfyUI: Qwen-Image, FLUX)")
        IMAGES = "images", _("Image services (OpenAI and alike)")
        SKETCH = "sketch", pgettext_lazy("engine", "Sketch, our own")
        CHAT = "chat", _("Chat models (DeepSeek, Qwen)")

    class Language(models.TextChoices):
        CHINESE = "zh", _("Chinese")
        ENGLISH = "en", _("English")

    class Style(models.TextChoices):
        INK_WASH = "ink_wash", _("Ink wash")
        GONGBI = "gongbi", _("Fine brush")
        BLUE_GREEN = "blue_green", _("Blue-green landscape")
        MURAL = "mural", _("Mural")
        LINE_ART = "line_art", _("Line art")
        CEL = "cel", _("Cel animation")
        WEBTOON = "webtoon", _("Webtoon")
        IMPASTO = "impasto", _("Impasto")
        PHOTOREAL = "photoreal", _("Film, realistic")
        PICTURE_BOOK = "picture_book", _("Picture book")
        MONOCHROME = "monochrome", _("Black-and-white board")
        PIXEL = "pixel", _("Pixel art")
        FLAT = "flat", _("Flat illustration")
        PAPER_CUT = "paper_cut", _("Paper cut")
        FANTASY_CG = "fantasy_cg", _("Fantasy art")
        NOIR = "noir", _("Noir")
        WATERCOLOUR = "watercolour", _("Watercolour")
        PRINT = "print", _("Woodcut print")
        DRAFT = "draft", pgettext_lazy("style", "Draft")
        STORYBOARD = "storyboard", _("Directing")

    key = models.SlugField(_("name"), max_length=60, unique=True)
    makes = models.CharField(_("makes"), max_length=10, choices=Makes.choices)
    family = models.CharField(_("for engines of"), max_length=8, choices=Family.choices)
    language = models.CharField(_("writes"), max_length=2, choices=Language.choices)
    style = models.CharField(_("style"), max_length=12, choices=Style.choices)
    title_zh = models.CharField(_("title in Chinese"), max_length=120)
    title_en = models.CharField(_("title in English"), max_length=120)
    strengths_zh = models.CharField(_("strengths in Chinese"), max_length=600)
    strengths_en = models.CharField(_("strengths in English"), max_length=600)
    weaknesses_zh = models.CharField(_("weaknesses in Chinese"), max_length=600)
    weaknesses_en = models.CharField(_("weaknesses in English"), max_length=600)
    use_when_zh = models.CharField(_("when to use, in Chinese"), max_length=600)
    use_when_en = models.CharField(_("when to use, in English"), max_length=600)
    avoid_when_zh = models.CharField(_("when not, in Chinese"), max_length=600)
    avoid_when_en = models.CharField(_("when not, in English"), max_length=600)
    shipped = models.BooleanField(_("shipped with the house"), default=False, editable=False)
    retired = models.BooleanField(
        _("retired"), default=False, help_text=_("Not offered for new work; nothing is forgotten.")
    )
    usual_for = models.CharField(
        _("usual for novels in"), max_length=2, choices=Language.choices, blank=True, editable=False,
        help_text=_("New runs use it where the creator chooses nothing."),
    )  # fmt: skip
    created_by = models.ForeignKey(
        TEAM, models.PROTECT, null=True, blank=True, editable=False,
        verbose_name=_("added by"), related_name="+",
    )  # fmt: skip
    created_at = models.DateTimeField(_("added"), auto_now_add=True)

    class Meta:
        verbose_name = _("prompt template")
        verbose_name_plural = _("prompt templates")
        ordering = ["makes", "family", "key"]
        constraints = [
            models.CheckConstraint(
                condition=Q(makes="storyboard", family="chat")
                | (Q(makes="picture") & ~Q(family="chat")),
                name="prompt_template_family_makes",
            ),
            models.UniqueConstraint(
                fields=["makes", "usual_for"], name="one_usual_template",
                condition=~Q(usual_for=""),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return in_language(self.title_zh, self.title_en)

    @property
    def strengths(self) -> str:
        return in_language(self.strengths_zh, self.strengths_en)

    @property
    def weaknesses(self) -> str:
        return in_language(self.weaknesses_zh, self.weaknesses_en)

    @property
    def use_when(self) -> str:
        return in_language(self.use_when_zh, self.use_when_en)

    @property
    def avoid_when(self) -> str:
        return in_language(self.avoid_when_zh, self.avoid_when_en)


class TemplateVersion(models.Model):
    """What a template says, for good: the database refuses every change. Better words are a new row.

    `digest` is of body, negative prompt and settings; `report` what the standard said on saving.
    """

    template = models.ForeignKey(
        PromptTemplate, models.PROTECT, related_name="versions", verbose_name=_("template")
    )
    number = models.PositiveSmallIntegerField(_("version"))
    body = models.TextField(_("text"))
    negative = models.TextField(_("negative prompt"), blank=True)
    settings = models.JSONField(_("settings of the engine"), default=dict, blank=True)
    digest = models.CharField(max_length=64)
    note = models.CharField(_("what is new"), max_length=300, blank=True)
    report = models.JSONField(_("what the standard said"), default=dict, blank=True)
    by = models.ForeignKey(
        TEAM, models.PROTECT, null=True, blank=True, verbose_name=_("by"),
        related_name="+",
    )  # fmt: skip
    at = models.DateTimeField(_("time"), default=timezone.now)

    class Meta:
        verbose_name = _("version of a template")
        verbose_name_plural = _("versions of templates")
        ordering = ["template", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["template", "number"], name="template_version_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="template_version_from_one"),
        ]
        triggers = [
            pgtrigger.Protect(name="immutable", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return f"{self.template.key}@{self.number}"


class TemplateAlias(models.Model):
    """A name that points to one version of a template, and may be moved to another of the same."""

    template = models.ForeignKey(
        PromptTemplate, models.PROTECT, related_name="aliases", verbose_name=_("template")
    )
    name = models.SlugField(_("alias"), max_length=30, default=CURRENT)
    version = models.ForeignKey(
        TemplateVersion, models.PROTECT, related_name="aliases", verbose_name=_("version")
    )
    by = models.ForeignKey(
        TEAM, models.PROTECT, null=True, blank=True, verbose_name=_("by"),
        related_name="+",
    )  # fmt: skip
    at = models.DateTimeField(_("time"), auto_now=True)

    class Meta:
        verbose_name = _("alias of a template")
        verbose_name_plural = _("aliases of templates")
        ordering = ["template", "name"]
        constraints = [
            models.UniqueConstraint(fields=["template", "name"], name="template_alias_once"),
            models.CheckConstraint(
                condition=~Q(name__regex=r"^[0-9]+$"), name="template_alias_is_no_number"
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="of_the_same_template",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func="""
                    IF NOT EXISTS (SELECT FROM generation_templateversion v
                                    WHERE v.id = NEW.version_id AND v.template_id = NEW.template_id)
                    THEN RAISE EXCEPTION 'an alias points to a version of its own template';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.template.key}@{self.name}"


class TemplateRating(models.Model):
    """A person's word on what no check sees, 1 to 5."""

    class Criterion(models.TextChoices):
        CONCRETE = "concrete", _("Says what is seen, not what is felt")
        ORDERED = "ordered", _("What matters most comes first")
        FAITHFUL = "faithful", _("Leaves the story's facts alone")
        ONE_STYLE = "one_style", _("One style, told once")
        REUSABLE = "reusable", _("Works for other shots and stories")

    version = models.ForeignKey(
        TemplateVersion, models.PROTECT, related_name="ratings", verbose_name=_("version")
    )
    criterion = models.CharField(_("criterion"), max_length=10, choices=Criterion.choices)
    rating = models.PositiveSmallIntegerField(
        _("rating"), validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    reason = models.CharField(_("why"), max_length=300, blank=True)
    by = models.ForeignKey(TEAM, models.PROTECT, verbose_name=_("by"), related_name="+")
    at = models.DateTimeField(_("time"), auto_now=True)

    class Meta:
        verbose_name = _("rating of a template")
        verbose_name_plural = _("ratings of templates")
        ordering = ["version", "criterion"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "criterion", "by"], name="template_rated_once_a_person"
            ),
            models.CheckConstraint(
                condition=Q(rating__range=(1, 5)), name="template_rating_1_to_5"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version} · {self.get_criterion_display()} · {self.rating}"


class TemplateUse(models.Model):
    """A run that uses a version: what became of it, so that production judges the choice too.

    `redone` counts pictures that were drawn again; `accepted` is the creator's word on the run.
    """

    run = models.ForeignKey(
        Run, models.CASCADE, related_name="template_uses", verbose_name=_("run")
    )
    version = models.ForeignKey(
        TemplateVersion, models.PROTECT, related_name="uses", verbose_name=_("version")
    )
    shots = models.PositiveIntegerField(_("shots"), default=0)
    redone = models.PositiveIntegerField(_("drawn again"), default=0)
    tokens = models.BigIntegerField(_("tokens"), default=0)
    cost_micro = models.BigIntegerField(_("cost"), default=0)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    accepted = models.BooleanField(_("accepted"), null=True, blank=True)
    at = models.DateTimeField(_("time"), default=timezone.now)

    class Meta:
        verbose_name = _("use of a template")
        verbose_name_plural = _("uses of templates")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["run", "version"], name="template_use_once_a_run")
        ]
        indexes = [models.Index(fields=["version", "at"], name="template_use_version")]

    def __str__(self) -> str:
        return f"{self.version} · {self.run_id}"
