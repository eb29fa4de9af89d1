"""What the page of a film shows: a row for each voice with its sample, the job at work."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.forms import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from generation.film_forms import FilmForm
from generation.services.voicing import NARRATOR, voice_sample, voices_for

SEXES: dict[str, Promise] = {"female": _("female"), "male": _("male"), "neutral": _("neutral")}
AGES: dict[str, Promise] = {
    "child": _("child"), "young": _("young"), "adult": _("adult"), "old": _("old"),
}  # fmt: skip


@dataclass(frozen=True)
class VoiceRow:
    """`sheet` tells sex and age of the character, as far as the story knows them; `heard` says that
    the voice's sample can be played."""

    name: str
    sheet: list[Promise | str]
    field: BoundField
    options: list[tuple[str, str, bool]]
    voice: str
    heard: bool


def voice_rows(
    form: FilmForm, cast: Sequence[Mapping[str, Any]], voices: Mapping[str, str]
) -> list[VoiceRow]:
    """`voices`: who has which, by name, where the form itself says nothing."""
    sheets = {person["name"]: person["appearance"].get("traits") or {} for person in cast}
    offered = voices_for(form.engine, form.language)
    chosen = form.chosen() if not form.is_bound or form.is_valid() else {}
    rows = []
    for number, name in enumerate(form.people):
        if f"voice-{number}" not in form.fields:
            break
        voice = chosen.get(name) or voices.get(name, "")
        rows.append(
            VoiceRow(
                name=name,
                sheet=_sheet(sheets.get(name, {})) if name != NARRATOR else [],
                field=form[f"voice-{number}"],
                options=[
                    (
                        item.id,
                        f"{item.title} · {SEXES[item.sex]} · {AGES[item.age]}",
                        item.id == voice,
                    )
                    for item in offered
                ],
                voice=voice,
                heard=voice_sample(form.engine, voice, form.language) is not None,
            )
        )
    return rows


def _sheet(traits: Mapping[str, Any]) -> list[Promise | str]:
    ages = {"child": _("child"), "youth": _("young"), "elder": _("old")}
    told = [SEXES.get(str(traits.get("gender")), ""), ages.get(str(traits.get("age")), "")]
    return [word for word in told if word]
