import pgtrigger
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.bilingual import in_language
from crm.models.creators import Creator
from crm.models.interviews import Interview


class ConsentForm(models.Model):
    """The words that somebody agrees to, in both languages. A change of words is a new version.

    `clauses`: purpose → [Chinese, English], all five. The newest version is the one that is shown.
    """

    version = models.SlugField(_("version"), max_length=20, unique=True)
    title_zh = models.CharField(_("title in Chinese"), max_length=160)
    title_en = models.CharField(_("title in English"), max_length=160)
    text_zh = models.TextField(_("text in Chinese"))
    text_en = models.TextField(_("text in English"))
    clauses = models.JSONField(_("clauses"), default=dict)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False,
        related_name="+", verbose_name=_("by"),
    )  # fmt: skip
    created_at = models.DateTimeField(_("in force since"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("consent form")
        verbose_name_plural = _("consent forms")
        ordering = ["-created_at", "-pk"]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return self.version

    @property
    def title(self) -> str:
        return in_language(self.title_zh, self.title_en)

    @property
    def text(self) -> str:
        return in_language(self.text_zh, self.text_en)

    def clause(self, purpose: str) -> str:
        """What is agreed to for a purpose, in the reader's language."""
        chinese, english = self.clauses.get(purpose, ("", ""))
        return in_language(chinese, english)


class Consent(models.Model):
    """One declaration for one purpose: given or withdrawn. Rows are only added; the last one counts."""

    class Purpose(models.TextChoices):
        RECORD = "record", _("Record and transcribe")
        QUOTE_NAMED = "quote_named", _("Quote by name")
        QUOTE_ANONYMOUS = "quote_anonymous", _("Quote anonymously")
        CONTACT = "contact", _("Contact again")
        EVALUATION = "evaluation", _("Use the novel for evaluation")

    class Channel(models.TextChoices):
        STAFF = "staff", _("Recorded by the team")
        PORTAL = "portal", _("Given in the portal")
        IMPORT = "import", _("Imported")

    creator = models.ForeignKey(
        Creator, models.PROTECT, related_name="consents", verbose_name=_("creator")
    )
    interview = models.ForeignKey(
        Interview,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="consents",
        verbose_name=_("interview"),
        help_text=_("Empty: for everything this creator says."),
    )
    purpose = models.CharField(_("purpose"), max_length=16, choices=Purpose.choices)
    given = models.BooleanField(_("given"), default=True)
    form_version = models.CharField(_("form version"), max_length=20, default="2026-11")
    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices)
    at = models.DateTimeField(_("time"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, verbose_name=_("by")
    )

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["creator", "purpose"], name="consent_creator_purpose")]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="reaches_interviews",
                operation=pgtrigger.Insert,
                when=pgtrigger.After,
                # The interview's own trigger reads all its consents again.
                func="""
                    UPDATE crm_interview SET redacted_at = redacted_at
                     WHERE creator_id = NEW.creator_id
                       AND (NEW.interview_id IS NULL OR id = NEW.interview_id);
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        state = _("given") if self.given else _("withdrawn")
        return f"{self.creator} · {self.get_purpose_display()} · {state}"

    def clean(self) -> None:
        """What the service would refuse: a word about somebody else's interview, or of tomorrow."""
        if self.interview is not None and self.interview.creator_id != self.creator_id:
            raise ValidationError({"interview": _("This interview was with somebody else.")})
        if self.at > timezone.now():
            raise ValidationError({"at": _("This time has not come yet.")})
