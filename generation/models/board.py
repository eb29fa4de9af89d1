"""A run's storyboard as rows; field for field what storyboard.schema.json says."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from generation.models.runs import Run


class Character(models.Model):
    run = models.ForeignKey(Run, models.CASCADE, related_name="cast")
    key = models.CharField(max_length=40)
    name = models.CharField(_("name"), max_length=120)
    aliases = models.JSONField(_("also called"), default=list)
    mentions = models.PositiveIntegerField(_("mentions"))
    first_at = models.PositiveIntegerField()
    appearance = models.JSONField(_("look"), default=dict)
    seed = models.BigIntegerField()
    sheet = models.FileField(_("character sheet"), upload_to="sheets/", max_length=255, blank=True)

    class Meta:
        verbose_name = _("character")
        verbose_name_plural = _("characters")
        ordering = ["run", "-mentions", "pk"]
        constraints = [models.UniqueConstraint(fields=["run", "key"], name="character_key_once")]

    def __str__(self) -> str:
        return self.name


class Scene(models.Model):
    run = models.ForeignKey(Run, models.CASCADE, related_name="scenes")
    index = models.PositiveIntegerField()
    chapter = models.PositiveIntegerField()
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    place = models.CharField(_("place"), max_length=120, blank=True)
    time = models.CharField(_("time"), max_length=120, blank=True)
    cast = models.JSONField(default=list)
    setting = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("scene")
        verbose_name_plural = _("scenes")
        ordering = ["run", "index"]
        constraints = [models.UniqueConstraint(fields=["run", "index"], name="scene_index_once")]

    def __str__(self) -> str:
        return f"{self.index + 1} {self.place}"


class Shot(models.Model):
    run = models.ForeignKey(Run, models.CASCADE, related_name="shots")
    scene = models.ForeignKey(Scene, models.CASCADE, related_name="shots")
    index = models.PositiveIntegerField()
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    framing = models.CharField(_("framing"), max_length=20)
    movement = models.CharField(_("movement"), max_length=20)
    cast = models.JSONField(default=list)
    action = models.TextField(_("action"), blank=True)
    lines = models.JSONField(default=list)
    narration = models.TextField(_("narration"), blank=True)
    prompt = models.JSONField(default=dict)
    duration_ms = models.PositiveIntegerField(_("length (ms)"))

    class Meta:
        verbose_name = _("shot")
        verbose_name_plural = _("shots")
        ordering = ["run", "index"]
        constraints = [models.UniqueConstraint(fields=["run", "index"], name="shot_index_once")]

    def __str__(self) -> str:
        return f"{self.index + 1}"


class Frame(models.Model):
    """A version of a shot's picture: which engine drew it, from which prompt and seed, at what cost."""

    shot = models.ForeignKey(Shot, models.CASCADE, related_name="frames")
    version = models.PositiveSmallIntegerField(default=1)
    parent = models.ForeignKey("self", models.SET_NULL, null=True, blank=True)
    engine = models.CharField(_("engine"), max_length=40)
    seed = models.BigIntegerField()
    positive = models.TextField(_("prompt"), blank=True)
    negative = models.TextField(_("negative prompt"), blank=True)
    file = models.FileField(upload_to="frames/", max_length=255)
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    tokens = models.PositiveIntegerField(default=0)
    cost_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3, default="CNY")
    checks = models.JSONField(_("checks"), default=dict, blank=True)
    created_at = models.DateTimeField(_("added"), auto_now_add=True)

    class Meta:
        verbose_name = _("frame")
        verbose_name_plural = _("frames")
        ordering = ["shot", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["shot", "version"], name="frame_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.shot} v{self.version}"
