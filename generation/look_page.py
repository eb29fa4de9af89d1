"""What the page of a character's look shows and sends: its traits in words, what an edit would change."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from generation.models import Character, Shot
from generation.services.character_looks import (
    CHOICES,
    LookEdit,
    edited_appearance,
    further_of,
    sheet_preview,
)
from generation.services.studio import book_of
from generation.studio_page import TRAITS, Piece, difference
from generation.trait_words import TRAIT_WORDS

NAMES: dict[str, Promise] = {"gender": _("Gender"), "age": _("Age"), **TRAITS}
# What stands in no trait of its own elsewhere.
PLAIN: dict[str, Promise] = {"human": _("human"), "unknown": _("not said")}


@dataclass(frozen=True)
class TraitField:
    """One list of the form."""

    name: str
    label: Promise | str
    value: str
    choices: list[tuple[str, Promise | str]]


@dataclass(frozen=True)
class LookForm:
    fields: list[TraitField]
    colours: tuple[str, str]
    further: str


def form_of(character: Character, edit: LookEdit | None = None) -> LookForm:
    """The form as somebody sent it, or with the look as it is."""
    appearance = character.appearance
    told = appearance.get("traits") or {}
    traits = edit.traits if edit else told
    colours = edit.colours if edit else tuple((told.get("colours") or ["#8a7a68"]) * 2)[:2]
    english = book_of(character.run)[1]
    return LookForm(
        fields=[
            TraitField(
                name, NAMES[name], str(traits.get(name, values[0])),
                [(value, _said(name, value, told)) for value in values],
            )
            for name, values in CHOICES.items()
        ],
        colours=(str(colours[0]), str(colours[1])),
        further=edit.further if edit else further_of(appearance, english=english),
    )  # fmt: skip


def _said(name: str, value: str, told: Mapping[str, Any]) -> Promise | str:
    if name == "species" and told.get("animal") and value == told.get("species"):
        return str(told["animal"])
    return TRAIT_WORDS.get(name, {}).get(value) or PLAIN.get(value) or value


def edit_sent(post: Mapping[str, str]) -> LookEdit:
    return LookEdit(
        traits={name: post.get(name, "") for name in CHOICES},
        colours=(post.get("colour-1", ""), post.get("colour-2", "")),
        further=post.get("further", ""),
    )


@dataclass(frozen=True)
class LookChange:
    """`sheet` is a data address of the character as it would be; `pieces` how the words differ."""

    sheet: str
    before: str
    pieces: list[Piece]
    differs: bool


def change_of(character: Character, edit: LookEdit) -> LookChange:
    """Raises `DomainError` naming the field."""
    appearance = edited_appearance(character, edit)
    old, new = str(character.appearance.get("summary") or ""), str(appearance["summary"])
    differs = old != new or appearance["traits"] != character.appearance.get("traits")
    return LookChange(
        sheet=_address(sheet_preview(character, appearance)),
        before=_address(sheet_preview(character, character.appearance)),
        pieces=difference(old, new),
        differs=differs,
    )


def _address(png: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(png).decode()}"


@dataclass(frozen=True)
class LookTile:
    """A shot with the character: `old` where its picture shows another look than the one now."""

    shot: Shot
    number: int
    frame: Any
    old: bool


def tiles_of(character: Character, shots: Sequence[Shot]) -> list[LookTile]:
    summary, tiles = str(character.appearance.get("summary") or ""), []
    for shot in shots:
        frame = next(iter(shot.frames.all()), None)
        drawn = (frame.looks or {}).get(character.key) if frame is not None else None
        tiles.append(LookTile(shot, shot.index + 1, frame, drawn is not None and drawn != summary))
    return tiles
