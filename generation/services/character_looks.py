"""A character's fixed look changed by hand: every prompt of the run follows, pictures when drawn again."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from crm import audit
from crm.exceptions import DomainError
from crm.models import User
from generation import frames
from generation.frames.sketch.look import VOCABULARY
from generation.models import Character, Shot
from generation.services.corrections import look_keep
from generation.services.drawing import (
    binding_of,
    cast_documents,
    character_document,
    scene_document,
    shot_document,
    write_picture,
)
from generation.services.filming import run_folder
from generation.services.frame_versions import board_follow
from generation.services.studio import book_of, refuse_at_work
from generation.services.template_uses import picture_template
from generation.story.look_words import describe
from generation.story.looks import chosen_look

# What the house's words can say of a look, so that prompt and picture agree.
CHOICES: dict[str, tuple[str, ...]] = {
    "gender": VOCABULARY["gender"], "age": VOCABULARY["age"],
    "species": ("human", "monkey", "pig", "fox", "rabbit", "dragon", "demon", "spirit"),
    **{
        name: VOCABULARY[name]
        for name in (
            "build", "skin", "hair", "hair_colour", "beard", "clothes", "headgear", "accessory",
        )
    },
}  # fmt: skip
LONGEST_FURTHER = 120
_COLOUR = re.compile(r"#[0-9a-f]{6}")


@dataclass(frozen=True, slots=True)
class LookEdit:
    """What a look should become. `colours` are #rrggbb, the main one first; `further` are words that
    come after what the traits say (a scar, a jade pendant)."""

    traits: Mapping[str, str]
    colours: tuple[str, str]
    further: str = ""


def further_of(appearance: Mapping[str, Any], *, english: bool) -> str:
    """What a look's words say beyond its traits; "" where they were not made from these."""
    summary, said = str(appearance.get("summary") or ""), ""
    try:
        said = describe(dict(appearance.get("traits") or {}), english)
    except (KeyError, IndexError):  # a look of another hand, with words the house does not have
        return ""
    return summary[len(said) :].strip("，, ") if said and summary.startswith(said) else ""


def edited_appearance(character: Character, edit: LookEdit) -> dict[str, Any]:
    """The look as it would be; raises `DomainError` naming the field."""
    for name, known in CHOICES.items():
        if edit.traits.get(name) not in known:
            raise DomainError(_("Choose from the list what the character looks like."), name)
    colours = [value.lower() for value in edit.colours]
    if len(colours) != 2 or not all(_COLOUR.fullmatch(value) for value in colours):
        raise DomainError(_("Choose two colours."), "colours")
    further = " ".join(edit.further.split())
    if len(further) > LONGEST_FURTHER:
        raise DomainError(
            _("Say in at most %(most)s characters what else there is to see.")
            % {"most": LONGEST_FURTHER},
            "further",
        )
    traits: dict[str, Any] = {name: edit.traits[name] for name in CHOICES} | {"colours": colours}
    english = book_of(character.run)[1]
    return chosen_look(character.appearance, traits, further, english=english)


@transaction.atomic
def look_edit(
    *, character: Character, edit: LookEdit, keep: bool = True, actor: User | None = None
) -> list[int]:
    """Write the look and the words of every shot with it; the indices of these. Pictures stay as they
    are until they are drawn again, and the continuity report says which. Nothing for no change.

    With `keep` the novel remembers it, and every later storyboard has the character look so.
    """
    row = (
        Character.objects.select_for_update(of=("self",))
        .select_related("run__novel")
        .get(pk=character.pk)
    )
    refuse_at_work(row.run)
    appearance = edited_appearance(row, edit)
    before = row.appearance
    if keep:
        further = further_of(appearance, english=book_of(row.run)[1])
        look_keep(character=row, appearance=appearance, further=further, actor=actor)
    if all(appearance[name] == before.get(name) for name in ("traits", "summary")):
        return []
    row.appearance = appearance
    row.save(update_fields=["appearance"])
    indices = _said_anew(row, str(before.get("summary") or ""))
    old = before.get("traits") or {}
    audit.record(
        "character.look_edited",
        row,
        actor=actor,
        data={
            "run": row.run_id,
            "character": row.key,
            "traits": sorted(k for k, v in appearance["traits"].items() if v != old.get(k)),
        },
    )
    sheet_draw(row)
    transaction.on_commit(lambda: board_follow(row.run, indices, texts=True, people=[row.key]))
    return indices


def _said_anew(row: Character, old_words: str) -> list[int]:
    """The prompts of the shots with somebody; in words of one's own only the look is replaced."""
    cast, template = cast_documents(row.run), picture_template(row.run)
    book, english = book_of(row.run)
    new_words, changed, indices = str(row.appearance["summary"]), [], []
    rows = Shot.objects.filter(run=row.run, cast__contains=[{"id": row.key}])
    for shot in rows.select_related("scene").order_by("index"):
        indices.append(shot.index)
        if shot.prompt.get("edited"):
            said = str(shot.prompt.get("positive") or "")
            prompt = {"positive": said.replace(old_words, new_words) if old_words else said}
        else:
            binding = binding_of(
                shot_document(shot), scene_document(shot.scene), cast, book=book, english=english,
                template=template,
            )  # fmt: skip
            prompt = {
                "template": binding.template, "positive": binding.prompt,
                "negative": binding.negative,
            }  # fmt: skip
        shot.prompt = {**shot.prompt, **prompt}
        changed.append(shot)
    Shot.objects.bulk_update(changed, ["prompt"], batch_size=500)
    return indices


def sheet_draw(row: Character) -> None:
    """The character's sheet as the look is now, under a name of its own, so that no cache shows the
    old one; inside the caller's transaction."""
    png = frames.character_sheet(character_document(row)).to_png()
    name = f"{row.key}-{hashlib.sha256(png).hexdigest()[:10]}.png"
    old, row.sheet = str(row.sheet), write_picture(run_folder(row.run) / "sheets" / name, png)
    row.save(update_fields=["sheet"])
    if old and old != str(row.sheet):
        gone = Path(settings.MEDIA_ROOT) / old
        transaction.on_commit(lambda: gone.unlink(missing_ok=True))


def sheet_preview(character: Character, appearance: Mapping[str, Any]) -> bytes:
    """A small sheet of the character with another look, PNG."""
    told = {**character_document(character), "appearance": appearance}
    return frames.character_sheet(told, size=(360, 360)).to_png()
