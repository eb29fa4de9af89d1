import pgtrigger
from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.bilingual import in_language
from crm.models import WorkflowStep
from crm.models.changes import noted
from insights.querysets import PainPointQuerySet

CODEBOOK_LOCK = 1129268293  # "CODE"; the trigger below says it too
"""Advisory lock of PostgreSQL: the codebook's tree is changed by one transaction at a time."""


class PainPoint(models.Model):
    """What hurts a creator in a step of their work; quotes are tagged to it as evidence."""

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        MERGED = "merged", _("Merged into another")
        RETIRED = "retired", _("No longer used")

    title_zh = models.CharField(_("title in Chinese"), max_length=120)
    title_en = models.CharField(_("title in English"), max_length=160, blank=True)
    description_zh = models.TextField(_("description in Chinese"), blank=True)
    description_en = models.TextField(_("description in English"), blank=True)
    step = models.ForeignKey(
        WorkflowStep,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="pain_points",
        verbose_name=_("workflow step"),
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("part of"),
    )
    colour = models.CharField(
        _("colour"),
        max_length=7,
        default="#8b5cf6",
        validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$", _("Write a colour as #rrggbb."))],
    )
    status = models.CharField(
        _("status"), max_length=8, choices=Status.choices, default=Status.OPEN
    )
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="merged_from",
        verbose_name=_("merged into"),
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("by"),
    )
    created_at = models.DateTimeField(_("added"), auto_now_add=True)
    is_sample = models.BooleanField(_("sample"), default=False, editable=False)

    objects = PainPointQuerySet.as_manager()

    class Meta:
        verbose_name = _("pain point")
        verbose_name_plural = _("pain points")
        ordering = ["title_zh"]
        constraints = [
            models.UniqueConstraint(
                fields=["title_zh"],
                name="pain_title_once",
                condition=Q(status="open"),
                violation_error_message=_("An open pain point with this title exists."),
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")), name="pain_not_own_parent"
            ),
            models.CheckConstraint(
                condition=Q(status="merged", merged_into__isnull=False)
                | (~Q(status="merged") & Q(merged_into__isnull=True)),
                name="pain_merged_has_target",
            ),
        ]
        triggers = [
            noted("pain"),
            pgtrigger.Trigger(
                name="tree_has_no_cycle",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("parent_id"),
                when=pgtrigger.Before,
                declare=[("round_trip", "boolean")],
                func="""
                    IF NEW.parent_id IS NULL THEN
                        RETURN NEW;
                    END IF;
                    -- Two moves that cross would each see a tree without the other's edge.
                    PERFORM pg_advisory_xact_lock(1129268293);
                    WITH RECURSIVE above(id, parent_id) AS (
                        SELECT id, parent_id FROM insights_painpoint WHERE id = NEW.parent_id
                        UNION
                        SELECT p.id, p.parent_id
                          FROM insights_painpoint p JOIN above ON p.id = above.parent_id
                    )
                    SELECT EXISTS (SELECT 1 FROM above WHERE id = NEW.id) INTO round_trip;
                    IF round_trip THEN
                        RAISE EXCEPTION 'a pain point cannot be a part of its own part'
                              USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return in_language(self.title_zh, self.title_en)

    @property
    def description(self) -> str:
        return in_language(self.description_zh, self.description_en)
