"""Evaluations: cases, arms, trials, scores, blind votes, and the decision taken on them."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.models import Consent
from engines.scopes import HOUSE
from generation.models.jobs import Job
from generation.models.novels import Novel
from generation.models.prompts import TemplateVersion

TEAM = settings.AUTH_USER_MODEL


class CaseSet(models.Model):
    """A version of a set of cases. What is in it never changes; another choice is another version."""

    class Kind(models.TextChoices):
        SHOT = "shot", _("Shots")
        CHAPTER = "chapter", _("Chapters")

    key = models.SlugField(_("name"), max_length=60)
    number = models.PositiveSmallIntegerField(_("version"), default=1)
    kind = models.CharField(_("of"), max_length=8, choices=Kind.choices)
    title = models.CharField(_("title"), max_length=120)
    language = models.CharField(_("language"), max_length=12)
    note = models.CharField(_("note"), max_length=300, blank=True)
    is_sample = models.BooleanField(_("sample"), default=False, editable=False)
    by = models.ForeignKey(
        TEAM, models.PROTECT, null=True, blank=True, verbose_name=_("by"), related_name="+"
    )
    at = models.DateTimeField(_("time"), default=timezone.now)

    class Meta:
        verbose_name = _("set of cases")
        verbose_name_plural = _("sets of cases")
        ordering = ["key", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["key", "number"], name="case_set_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.title} · {self.number}"


class Case(models.Model):
    """One chapter or shot as it was then. `story` is what it is clustered by.

    A case of a creator's novel names the consent it rests on; when that is withdrawn, `content` is
    emptied and `withdrawn_at` set, the one change that the database lets through.
    """

    case_set = models.ForeignKey(CaseSet, models.PROTECT, related_name="cases")
    index = models.PositiveIntegerField()
    story = models.CharField(_("story"), max_length=64)
    novel = models.ForeignKey(
        Novel, models.PROTECT, null=True, blank=True, related_name="cases",
        verbose_name=_("novel"),
    )  # fmt: skip
    consent = models.ForeignKey(
        Consent, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("consent"),
    )  # fmt: skip
    content = models.JSONField(_("content"), default=dict)
    digest = models.CharField(max_length=64)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering = ["case_set", "index"]
        constraints = [
            models.UniqueConstraint(fields=["case_set", "index"], name="case_index_once"),
            models.CheckConstraint(
                condition=Q(novel__isnull=True) | Q(consent__isnull=False),
                name="case_of_a_novel_has_consent",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="fixed",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__digest__df=pgtrigger.F("new__digest"))
                | pgtrigger.Q(old__story__df=pgtrigger.F("new__story"))
                | (
                    pgtrigger.Q(old__content__df=pgtrigger.F("new__content"))
                    & pgtrigger.Q(new__withdrawn_at__isnull=True)
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_set} #{self.index + 1}"

    @property
    def scope(self) -> str:
        """Whose its calls and pictures are (`engines.scopes`): apart from the novel's own, because
        the consent for evaluations may be taken back while the novel stays."""
        return HOUSE if self.novel_id is None else cases_scope(self.novel_id)


def cases_scope(novel_id: int) -> str:
    return f"cases:{novel_id}"


class Evaluation(Job):
    """Templates × engines × repetitions on a set of cases, planned, priced and capped before it runs.

    `plan` holds the quote and the smallest difference it would find; `results` the table as last
    computed, with `results_votes` the votes it knew. `threshold` is the score from which a picture
    or storyboard counts as accepted.
    """

    title = models.CharField(_("title"), max_length=120)
    case_set = models.ForeignKey(
        CaseSet, models.PROTECT, related_name="evaluations", verbose_name=_("cases")
    )
    repetitions = models.PositiveSmallIntegerField(_("repetitions"), default=1)
    seed = models.BigIntegerField(_("seed"), default=1)
    width = models.PositiveSmallIntegerField(_("width (px)"), default=540)
    height = models.PositiveSmallIntegerField(_("height (px)"), default=960)
    threshold = models.FloatField(_("accepted from"), default=0.8)
    judge = models.CharField(_("judged by"), max_length=40, blank=True)
    judge_pairs = models.PositiveIntegerField(_("pairs judged"), default=0)
    cap_micro = models.BigIntegerField(_("cap"), default=0)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    plan = models.JSONField(_("plan"), default=dict, blank=True)
    votes_wanted = models.PositiveIntegerField(_("blind votes wanted"), default=0)
    in_portal = models.BooleanField(
        _("creators may vote"),
        default=False,
        help_text=_("On cases of the house and on those of their own novels only."),
    )
    results = models.JSONField(_("results"), default=dict, blank=True)
    results_at = models.DateTimeField(_("computed"), null=True, blank=True)
    results_votes = models.PositiveIntegerField(default=0)
    token = models.CharField(max_length=40, unique=True, editable=False)
    is_sample = models.BooleanField(_("sample"), default=False, editable=False)
    by = models.ForeignKey(
        TEAM, models.PROTECT, null=True, blank=True, verbose_name=_("asked by"), related_name="+"
    )

    class Meta:
        verbose_name = _("evaluation")
        verbose_name_plural = _("evaluations")
        ordering = ["-queued_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(repetitions__range=(1, 20)), name="evaluation_repetitions"
            ),
            models.CheckConstraint(
                condition=Q(threshold__range=(0.0, 1.0)), name="evaluation_threshold"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Arm(models.Model):
    """A version with an engine, as one of those compared. Exactly one is the baseline."""

    evaluation = models.ForeignKey(Evaluation, models.CASCADE, related_name="arms")
    version = models.ForeignKey(
        TemplateVersion, models.PROTECT, related_name="arms", verbose_name=_("template")
    )
    engine = models.CharField(_("engine"), max_length=40)
    baseline = models.BooleanField(_("baseline"), default=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("arm of an evaluation")
        verbose_name_plural = _("arms of evaluations")
        ordering = ["evaluation", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["evaluation", "version", "engine"], name="arm_once_an_evaluation"
            ),
            models.UniqueConstraint(
                fields=["evaluation"], name="one_baseline_an_evaluation", condition=Q(baseline=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version} · {self.engine}"


class Trial(models.Model):
    """One arm on one case with one seed: the row is there before the work, and says how it ended.

    `calls` and `cost_micro` count everything that was asked for it, failed and repeated ones too;
    `key` is of all that decides the result, so that equal work is taken from an earlier trial
    (`cached`), at the price that was paid for it then. Words of the novel are in the case alone.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    evaluation = models.ForeignKey(Evaluation, models.CASCADE, related_name="trials")
    arm = models.ForeignKey(Arm, models.CASCADE, related_name="trials")
    case = models.ForeignKey(Case, models.PROTECT, related_name="trials")
    repetition = models.PositiveSmallIntegerField(default=0)
    seed = models.BigIntegerField()
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.WAITING)
    key = models.CharField(max_length=64, blank=True)
    cached = models.BooleanField(_("taken from an earlier trial"), default=False)
    picture = models.FileField(max_length=255, blank=True)
    output = models.JSONField(default=dict, blank=True)
    calls = models.PositiveSmallIntegerField(_("calls"), default=0)
    input_tokens = models.PositiveIntegerField(_("tokens in"), default=0)
    output_tokens = models.PositiveIntegerField(_("tokens out"), default=0)
    cost_micro = models.BigIntegerField(_("cost"), default=0)
    accepted = models.BooleanField(_("accepted"), null=True, blank=True)
    error = models.CharField(_("error"), max_length=120, blank=True)
    done_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        verbose_name = _("trial")
        verbose_name_plural = _("trials")
        ordering = ["evaluation", "case", "arm", "repetition"]
        constraints = [
            models.UniqueConstraint(
                fields=["arm", "case", "repetition"], name="trial_once_an_arm_and_case"
            )
        ]
        indexes = [
            models.Index(fields=["evaluation", "state"], name="trial_state"),
            models.Index(fields=["key"], name="trial_key", condition=Q(state="done")),
        ]

    def __str__(self) -> str:
        return f"{self.evaluation_id}/{self.pk}"


class Score(models.Model):
    """What a scorer of a version says of a trial; `value` 0 to 1, none where it was not computed."""

    trial = models.ForeignKey(Trial, models.CASCADE, related_name="scores")
    scorer = models.CharField(_("scorer"), max_length=20)
    version = models.CharField(_("its version"), max_length=40)
    value = models.FloatField(_("value"), null=True, blank=True)
    details = models.JSONField(_("details"), default=dict, blank=True)

    class Meta:
        verbose_name = _("score")
        verbose_name_plural = _("scores")
        ordering = ["trial", "scorer"]
        constraints = [
            models.UniqueConstraint(
                fields=["trial", "scorer", "version"], name="score_once_a_scorer"
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=True) | Q(value__range=(0.0, 1.0)), name="score_0_to_1"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scorer} {self.value}"


class Vote(models.Model):
    """A pair shown blind to one person: which trial stood left is fixed when it is shown.

    `repeat_of` is an earlier pair of the same rater shown again, for agreement with oneself.
    """

    class Outcome(models.TextChoices):
        LEFT = "left", _("Left")
        RIGHT = "right", _("Right")
        TIE = "tie", _("Neither")

    SCORES = {Outcome.LEFT: 1.0, Outcome.RIGHT: 0.0, Outcome.TIE: 0.5}

    evaluation = models.ForeignKey(Evaluation, models.CASCADE, related_name="votes")
    left = models.ForeignKey(Trial, models.CASCADE, related_name="+")
    right = models.ForeignKey(Trial, models.CASCADE, related_name="+")
    rater = models.ForeignKey(TEAM, models.PROTECT, related_name="+", verbose_name=_("rater"))
    token = models.CharField(max_length=32, unique=True)
    outcome = models.CharField(_("outcome"), max_length=5, choices=Outcome.choices, blank=True)
    repeat_of = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="+")
    shown_at = models.DateTimeField(_("shown"), default=timezone.now)
    at = models.DateTimeField(_("time"), null=True, blank=True)
    undone = models.PositiveSmallIntegerField(_("taken back"), default=0)

    class Meta:
        verbose_name = _("blind vote")
        verbose_name_plural = _("blind votes")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(left=F("right")), name="vote_on_two_trials"),
            models.CheckConstraint(
                condition=Q(outcome="", at__isnull=True) | (~Q(outcome="") & Q(at__isnull=False)),
                name="vote_given_has_its_time",
            ),
            models.UniqueConstraint(
                fields=["evaluation", "rater"], name="one_open_pair_a_rater",
                condition=Q(outcome=""),
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["evaluation", "rater", "at"], name="vote_rater")]

    def __str__(self) -> str:
        return self.token


class Judgement(models.Model):
    """A pair judged by a chat model twice, with the order swapped. What the order decides is a tie.

    `first` is the answer with `a` shown first, `second` with `b` shown first, both in terms of the
    place: "1" is what was shown first, "2" second, "0" neither, "" no usable answer.
    """

    evaluation = models.ForeignKey(Evaluation, models.CASCADE, related_name="judgements")
    a = models.ForeignKey(Trial, models.CASCADE, related_name="+")
    b = models.ForeignKey(Trial, models.CASCADE, related_name="+")
    first = models.CharField(max_length=1, blank=True)
    second = models.CharField(max_length=1, blank=True)
    engine = models.CharField(_("engine"), max_length=40)
    saw_pictures = models.BooleanField(_("saw the pictures"), default=False)
    cost_micro = models.BigIntegerField(_("cost"), default=0)

    class Meta:
        verbose_name = _("judgement by a model")
        verbose_name_plural = _("judgements by models")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["evaluation", "a", "b"], name="judged_once_a_pair")
        ]

    def __str__(self) -> str:
        return f"{self.a_id} / {self.b_id}"


class TemplateDecision(models.Model):
    """Which template was chosen, on which numbers, at which prices, by whom. Rows are only added.

    `document` is the whole of it: trials, scores, votes, prices and the table, without a word of
    any novel; whoever has the file can compute the table again.
    """

    evaluation = models.ForeignKey(
        Evaluation, models.PROTECT, related_name="decisions", verbose_name=_("evaluation")
    )
    arm = models.ForeignKey(Arm, models.PROTECT, related_name="decisions", verbose_name=_("chosen"))
    why = models.CharField(_("why"), max_length=600)
    document = models.JSONField(_("numbers then"), default=dict)
    acceptance = models.FloatField(_("accepted then"), null=True, blank=True)
    by = models.ForeignKey(TEAM, models.PROTECT, verbose_name=_("by"), related_name="+")
    at = models.DateTimeField(_("time"), default=timezone.now)

    class Meta:
        verbose_name = _("choice of a template")
        verbose_name_plural = _("choices of templates")
        ordering = ["-at", "-pk"]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.arm} · {self.at:%Y-%m-%d}"
