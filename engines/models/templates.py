from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class PictureTemplate(models.Model):
    """A workflow that a picture engine is asked with. A version never changes; one is current."""

    class Kind(models.TextChoices):
        WEBUI = "webui", "Stable Diffusion WebUI"
        COMFYUI = "comfyui", "ComfyUI"
        OPENAI = "openai", "OpenAI"

    name = models.SlugField(_("name"), max_length=60)
    version = models.PositiveIntegerField(_("version"))
    kind = models.CharField(_("engine"), max_length=10, choices=Kind.choices)
    document = models.JSONField(_("template"))
    note = models.CharField(_("what changed"), max_length=300, blank=True)
    current = models.BooleanField(_("in use"), default=False)
    created_at = models.DateTimeField(_("added"), auto_now_add=True)

    class Meta:
        verbose_name = _("picture template")
        verbose_name_plural = _("picture templates")
        ordering = ["name", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["name", "version"], name="picture_template_once"),
            models.UniqueConstraint(
                fields=["name"], condition=Q(current=True), name="picture_template_one_current"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}@{self.version}"
