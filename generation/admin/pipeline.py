from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import action, display

from crm.exceptions import DomainError
from crm.http import actor_of
from engines.admin import ReadOnlyAdmin
from engines.money import shown
from generation.models import Film, FilmJob, FrameJob, Novel, Run, StudioTask
from generation.services.runs import run_cancel, run_resume
from generation.tasks import run_execute_start

STATE_COLOURS = {
    Run.State.QUEUED: "info",
    Run.State.RUNNING: "info",
    Run.State.DONE: "success",
    Run.State.FAILED: "danger",
    Run.State.DEAD: "danger",
    Run.State.CANCELLED: "warning",
}


@admin.register(Run)
class RunAdmin(ReadOnlyAdmin):
    list_display = ["novel", "creator", "state_badge", "progress", "tries", "queued_at", "error"]
    list_filter = [("state", ChoicesDropdownFilter)]
    list_filter_submit = True
    list_select_related = ["novel__creator"]
    actions = ["again", "stop"]
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Run]:
        return super().get_queryset(request).defer("novel__text")

    @display(description=_("creator"))
    def creator(self, run: Run) -> str:
        return str(run.novel.creator)

    @display(description=_("state"), ordering="state", label=STATE_COLOURS)
    def state_badge(self, run: Run) -> tuple[str, str]:
        return run.state, run.get_state_display()

    @display(description=_("progress"))
    def progress(self, run: Run) -> str:
        return f"{run.stage} {run.done}/{run.total}" if run.total else run.stage or "—"

    @action(description=_("Let it go on from where it stopped"))
    def again(self, request: HttpRequest, queryset: QuerySet[Run]) -> None:
        resumed = [run for run in queryset if self._resumed(request, run)]
        for run in resumed:
            run_execute_start(run.pk)
        messages.success(request, _("Runs started again: %(n)s") % {"n": len(resumed)})

    def _resumed(self, request: HttpRequest, run: Run) -> bool:
        try:
            return run_resume(run=run, actor=actor_of(request))
        except DomainError as error:
            messages.error(request, f"{run}: {error}")
            return False

    @action(description=_("Stop it"))
    def stop(self, request: HttpRequest, queryset: QuerySet[Run]) -> None:
        stopped = sum(run_cancel(run=run, actor=actor_of(request)) for run in queryset)
        messages.success(request, _("Runs asked to stop: %(n)s") % {"n": stopped})


@admin.register(FrameJob)
class FrameJobAdmin(ReadOnlyAdmin):
    list_display = [
        "run", "engine", "state_badge", "done", "total", "cost", "tries", "queued_at", "error",
    ]  # fmt: skip
    list_filter = [("state", ChoicesDropdownFilter), "engine"]
    list_filter_submit = True
    list_select_related = ["run__novel"]
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[FrameJob]:
        return super().get_queryset(request).defer("run__novel__text")

    @display(description=_("state"), ordering="state", label=STATE_COLOURS)
    def state_badge(self, job: FrameJob) -> tuple[str, str]:
        return job.state, job.get_state_display()

    @display(description=_("cost"), ordering="cost_micro")
    def cost(self, job: FrameJob) -> str:
        return shown(job.cost_micro, job.currency) if job.cost_micro else "—"


@admin.register(StudioTask)
class StudioTaskAdmin(ReadOnlyAdmin):
    list_display = ["run", "kind", "state_badge", "done", "total", "tries", "queued_at", "error"]
    list_filter = [("state", ChoicesDropdownFilter), "kind"]
    list_filter_submit = True
    list_select_related = ["run__novel"]
    exclude = ["file"]
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[StudioTask]:
        return super().get_queryset(request).defer("run__novel__text")

    @display(description=_("state"), ordering="state", label=STATE_COLOURS)
    def state_badge(self, task: StudioTask) -> tuple[str, str]:
        return task.state, task.get_state_display()


@admin.register(Novel)
class NovelAdmin(ReadOnlyAdmin):
    list_display = ["title", "creator", "length", "language", "encoding", "created_at"]
    list_select_related = ["creator"]
    search_fields = ["title", "creator__name"]
    exclude = ["text", "sha256"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Novel]:
        return super().get_queryset(request).filter(deleted_at=None).defer("text")


@admin.register(Film)
class FilmAdmin(ReadOnlyAdmin):
    list_display = ["run", "duration_ms", "created_at"]
    list_select_related = ["run__novel"]
    exclude = ["subtitles"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Film]:
        return super().get_queryset(request).defer("run__novel__text")


@admin.register(FilmJob)
class FilmJobAdmin(ReadOnlyAdmin):
    """Films that creators asked for again, with what stopped them."""

    list_display = ["run", "state", "done", "tries", "queued_at", "error"]
    list_filter = [("state", ChoicesDropdownFilter)]
    list_filter_submit = True
    list_select_related = ["run__novel"]
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[FilmJob]:
        return super().get_queryset(request).defer("run__novel__text")
