"""A shot edited by hand, and pictures wanted again: one, many, a whole scene."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import audit
from crm.exceptions import DomainError
from crm.models import User
from crm.services.quotas import quota_take
from engines.images.registry import BadImageSettings, UnknownImageEngine
from engines.pricing import NoPrice
from engines.services.pictures import Quote, picture_engine, picture_quote
from engines.services.resolution import budget_for
from generation import frames
from generation.frames.binding import Binding
from generation.models import Frame, FrameJob, Run, Shot
from generation.services.drawing import (
    binding_of,
    cast_documents,
    engine_names,
    is_paid,
    judged,
    refuse,
    scene_document,
    shot_document,
)
from generation.services.frame_versions import board_follow
from generation.services.template_uses import picture_template
from generation.services.texts import most_a_run_may_cost

MOST_SHOTS = 600
MOST_THROWS = 4
FRAMINGS = (
    "extreme_long", "long", "full", "medium", "medium_close_up", "close_up", "extreme_close_up",
)  # fmt: skip
MOVEMENTS = ("static", "push_in", "pull_out", "pan", "tilt", "track")
POSES = (
    "stand", "sit", "walk", "run", "kneel", "bow", "point", "fight", "ride", "lie", "write",
    "hold", "talk",
)  # fmt: skip
EXPRESSIONS = (
    "neutral", "happy", "angry", "sad", "surprised", "afraid", "determined", "thoughtful",
)  # fmt: skip
LONGEST_ACTION, LONGEST_PROMPT, MOST_IN_SHOT = 400, 6_000, 12


@dataclass(frozen=True, slots=True)
class Edit:
    """What a shot should become. `cast` are entries of storyboard.json; `prompt` and `negative`
    empty: written by code from the rest."""

    framing: str
    movement: str
    action: str
    narration: str
    cast: Sequence[Mapping[str, Any]] = field(default_factory=tuple)
    prompt: str = ""
    negative: str = ""


def book_of(run: Run) -> tuple[str, bool]:
    """The novel's digest, for seeds, and whether prompts are in English."""
    return run.novel.sha256, run.novel.language.startswith("en")


def edited_document(shot: Shot, edit: Edit) -> dict[str, Any]:
    """The shot as it would be; raises `DomainError` naming the field."""
    if edit.framing not in FRAMINGS:
        raise DomainError(_("Choose a framing."), "framing")
    if edit.movement not in MOVEMENTS:
        raise DomainError(_("Choose a camera movement."), "movement")
    if len(edit.action) > LONGEST_ACTION:
        raise DomainError(
            _("Describe the action in at most %(most)s characters.") % {"most": LONGEST_ACTION},
            "action",
        )
    if max(len(edit.prompt), len(edit.negative)) > LONGEST_PROMPT:
        raise DomainError(
            _("A prompt may have at most %(most)s characters.") % {"most": LONGEST_PROMPT},
            "prompt",
        )
    if len(edit.cast) > MOST_IN_SHOT:
        raise DomainError(
            _("At most %(most)s characters can stand in one shot.") % {"most": MOST_IN_SHOT},
            "cast",
        )
    known = set(cast_documents(shot.run))
    cast = [_entry(entry, known) for entry in edit.cast]
    prompt = {key: value for key, value in shot.prompt.items() if key != "edited"}
    if edit.prompt.strip():
        prompt |= {
            "positive": edit.prompt.strip(), "negative": edit.negative.strip(), "edited": True,
        }  # fmt: skip
    return {
        **shot_document(shot),
        "framing": edit.framing,
        "movement": edit.movement,
        "action": edit.action.strip(),
        "narration": edit.narration.strip() or shot.narration,
        "cast": sorted(cast, key=lambda entry: entry["box"][0] + entry["box"][2] / 2),
        "prompt": prompt,
    }


def _entry(entry: Mapping[str, Any], known: Collection[str]) -> dict[str, Any]:
    if entry.get("id") not in known:
        raise DomainError(_("Choose characters of this storyboard's cast."), "cast")
    pose, mood = entry.get("pose", "stand"), entry.get("expression", "neutral")
    if pose not in POSES or mood not in EXPRESSIONS:
        raise DomainError(_("Choose a pose and an expression."), "cast")
    box = tuple(float(number) for number in entry["box"])
    if len(box) != 4 or not all(-1 <= number <= 2 for number in box):
        raise DomainError(_("Places in the frame are given in percent, 0 to 100."), "cast")
    return {
        "id": entry["id"], "box": list(frames.held(box)), "pose": pose, "expression": mood,
    }  # fmt: skip


def binding_for(shot: Shot, document: Mapping[str, Any] | None = None, *, take: int = 0) -> Binding:
    """The shot's binding, or what it would be with another document."""
    book, english = book_of(shot.run)
    return binding_of(
        document or shot_document(shot),
        scene_document(shot.scene),
        cast_documents(shot.run),
        book=book,
        english=english,
        take=take,
        template=picture_template(shot.run),
    )


@dataclass(frozen=True, slots=True)
class Outlook:
    """A shot as an edit would make it, before anything is written."""

    document: dict[str, Any]
    binding: Binding
    judgement: frames.Judgement


def outlook_of(*, shot: Shot, edit: Edit) -> Outlook:
    """What an edit would do. Raises `DomainError` naming the field."""
    document = edited_document(shot, edit)
    binding = binding_for(shot, document)
    return Outlook(document, binding, judged(binding))


def refuse_at_work(run: Run) -> None:
    """While a run writes its storyboard, nobody else does."""
    if Run.objects.filter(pk=run.pk, state__in=(Run.State.QUEUED, Run.State.RUNNING)).exists():
        raise DomainError(
            _("The storyboard is still being made. Wait until it is done or stop it, then edit."),
            "run_at_work",
        )


@transaction.atomic
def shot_edit(*, shot: Shot, edit: Edit, actor: User | None = None) -> list[str]:
    """Write the edit; the names of the fields that changed. The pictures stay as they are."""
    refuse_at_work(shot.run)
    document = edited_document(shot, edit)
    binding = binding_for(shot, document)
    if binding.edited:
        refuse(judged(binding))
    else:
        document["prompt"] |= {
            "template": binding.template, "positive": binding.prompt, "negative": binding.negative,
        }  # fmt: skip
    names = ("framing", "movement", "action", "narration", "cast", "prompt")
    changed = [name for name in names if document[name] != getattr(shot, name)]
    if not changed:
        return []
    for name in changed:
        setattr(shot, name, document[name])
    shot.save(update_fields=changed)
    audit.record("shot.edited", shot, actor=actor, data={"run": shot.run_id, "fields": changed})
    run = shot.run
    transaction.on_commit(lambda: board_follow(run, [shot.index], texts=True))
    return changed


# -- pictures again ----------------------------------------------------------------------------


def redo_quote(engine: str, shots: int, best_of: int = 1) -> Quote | None:
    """What so many pictures may cost; None for the engines of the house, which cost nothing.

    Raises `DomainError` where the engine is not there or nobody has said what it costs.
    """
    if not is_paid(engine):
        return None
    try:
        return picture_quote(picture_engine(engine), shots * best_of, references=2)
    except (UnknownImageEngine, BadImageSettings, LookupError) as error:
        raise DomainError(_("There is no such picture engine."), "unknown_engine") from error
    except NoPrice as error:
        raise DomainError(str(error), "no_price") from error


@transaction.atomic
def frames_redo(
    *,
    run: Run,
    token: str,
    shots: Collection[int],
    engine: str = "sketch",
    new_seed: bool = False,
    best_of: int = 1,
    beside: bool = False,
    cap_micro: int | None = None,
    actor: User | None = None,
    sample: bool = False,
) -> tuple[FrameJob, bool]:
    """Write the wish; the same form (`token`) again gives the batch of the first time."""
    known = FrameJob.objects.filter(run=run, token=token).first()
    if known is not None:
        return known, False
    if engine not in engine_names():
        raise DomainError(_("There is no such picture engine."), "unknown_engine")
    if not 1 <= best_of <= MOST_THROWS:
        raise DomainError(_("Choose the best of 1 to %(most)s.") % {"most": MOST_THROWS}, "best_of")
    wanted = sorted(set(shots))
    there = set(Shot.objects.filter(run=run, index__in=wanted).values_list("index", flat=True))
    locked = Frame.objects.filter(shot__run=run, current=True, locked=True)
    locked_at = set(locked.filter(shot__index__in=wanted).values_list("shot__index", flat=True))
    free = [index for index in wanted if index in there and index not in locked_at]
    if not free:
        raise DomainError(
            _("All chosen pictures are locked.") if there else _("Choose at least one shot."),
            "nothing_to_draw",
        )
    if len(free) > MOST_SHOTS:
        raise DomainError(
            _("Draw at most %(most)s pictures in one batch.") % {"most": MOST_SHOTS},
            "too_many_shots",
        )
    quote = redo_quote(engine, len(free), best_of)
    cap, currency = _cap(quote, cap_micro)
    job, made = FrameJob.objects.get_or_create(
        run=run,
        token=token,
        defaults={
            "shots": free, "engine": engine, "new_seed": new_seed, "best_of": best_of, "beside": beside,
            "cap_micro": cap, "currency": currency, "total": len(free), "is_sample": sample,
            "results": {str(index): "locked" for index in sorted(locked_at)},
        },
    )  # fmt: skip
    if made:
        if not sample:
            quota_take(
                creator=run.novel.creator, key=f"frames:{job.pk}", frames=len(free) * best_of
            )
        if quote is not None:
            budget_for(key=budget_key(job), cap_micro=cap, currency=currency)
        audit.record(
            "frames.wanted",
            job,
            actor=actor,
            data={"run": run.pk, "shots": len(free), "engine": engine, "cap_micro": cap},
        )
    return job, made


def budget_key(job: FrameJob) -> str:
    return f"frames-{job.pk}"


def _cap(quote: Quote | None, cap_micro: int | None) -> tuple[int, str]:
    if quote is None:
        return 0, "CNY"
    most = most_a_run_may_cost()
    cap = min(quote.most_micro, most) if cap_micro is None else cap_micro
    if not 0 <= cap <= most or (quote.most_micro and not cap):
        raise DomainError(_("Choose a cap above 0 and within what a run may cost."), "bad_cap")
    return cap, quote.currency


@transaction.atomic
def frames_cancel(*, job: FrameJob, actor: User | None = None) -> bool:
    """Ask a batch to stop; what is drawn is kept. False where it had ended."""
    waiting = FrameJob.objects.filter(pk=job.pk, state=FrameJob.State.QUEUED).update(
        state=FrameJob.State.CANCELLED, cancel_requested=True, ended_at=timezone.now()
    )
    asked = waiting or FrameJob.objects.filter(pk=job.pk, state=FrameJob.State.RUNNING).update(
        cancel_requested=True
    )
    if asked:
        audit.record("frames.cancelled", job, actor=actor)
    return bool(asked)
