"""A run's storyboard as rows; field for field what storyboard.schema.json says."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from generation.models.runs import Run
from generation.models.studio import FrameJob


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
    """A version of a shot's picture: which engine drew it, from which prompt and seed, at what cost.

    One version of a shot is current. `stamp` is of all that the picture was drawn from, `looks` of
    each character's fixed look then; `take` is the throw of the seed's dice, `throw` the number
    among the pictures of which a job kept the best. A locked version is not replaced.
    """

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
    model = models.CharField(_("model"), max_length=120, blank=True)
    current = models.BooleanField(_("in use"), default=True)
    locked = models.BooleanField(_("locked"), default=False)
    take = models.PositiveIntegerField(_("take"), default=0)
    throw = models.PositiveSmallIntegerField(_("throw"), default=0)
    policy = models.CharField(_("seed policy"), max_length=40, blank=True)
    stamp = models.CharField(max_length=64, blank=True)
    looks = models.JSONField(default=dict, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    receipt = models.CharField(max_length=64, blank=True)
    cost_micro = models.BigIntegerField(_("cost"), default=0)
    job = models.ForeignKey(
        FrameJob,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="frames",
        verbose_name=_("batch of pictures"),
    )
    created_at = models.DateTimeField(_("added"), auto_now_add=True)

    class Meta:
        verbose_name = _("frame")
        verbose_name_plural = _("frames")
        ordering = ["shot", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["shot", "version"], name="frame_version_once"),
            models.UniqueConstraint(
                fields=["shot"], condition=Q(current=True), name="frame_one_current"
            ),
            models.UniqueConstraint(
                fields=["job", "shot", "throw"],
                condition=Q(job__isnull=False),
                name="frame_once_a_throw",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shot} v{self.version}"
