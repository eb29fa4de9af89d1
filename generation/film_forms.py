"""The form of a film: how it looks, who speaks how, what it may cost."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from engines.money import micro_of
from generation.models import FilmSettings
from generation.services.filming import Wish
from generation.services.voicing import NARRATOR, SILENT, voice_engines, voices_for

SPEEDS = (0.8, 0.9, 1.0, 1.1, 1.2, 1.3, 1.5)
# More characters than this are cast by their sheets; those who are named most are asked for.
MOST_ROWS = 12


class FilmForm(forms.Form):
    """`people` are the names that get a row each, "" being the narrator. The voices offered are those
    of the engine that the form names, so another engine makes another form."""

    token = forms.CharField(max_length=64, widget=forms.HiddenInput)
    shape = forms.ChoiceField(
        label=_("Picture format"), choices=FilmSettings.Shape.choices, widget=forms.RadioSelect
    )
    captions = forms.ChoiceField(
        label=_("Captions"), choices=FilmSettings.Captions.choices, widget=forms.RadioSelect
    )
    cards = forms.BooleanField(label=_("Title and chapter cards"), required=False)
    speech_engine = forms.ChoiceField(label=_("Voice"), required=False, widget=forms.RadioSelect)
    speed = forms.TypedChoiceField(
        label=_("Speed"), coerce=float, choices=[(f"{speed:g}", f"{speed:g}×") for speed in SPEEDS]
    )
    lexicon = forms.CharField(
        label=_("How to say it"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(
            attrs={"rows": 5, "spellcheck": "false", "placeholder": _("written = said")}
        ),
    )
    music = forms.FileField(
        label=_("Music"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": "audio/*"}),
    )
    without_music = forms.BooleanField(label=_("Take the music out"), required=False)
    cap = forms.DecimalField(
        label=_("The most it may cost"), required=False, min_value=0, max_digits=12,
        decimal_places=4,
    )  # fmt: skip

    def __init__(
        self, *args: Any, language: str, people: Sequence[str], engine: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.people = [NARRATOR, *people][: MOST_ROWS + 1]
        self.language = language
        silent = (SILENT, _("No voice: captions only"))
        field = self.fields["speech_engine"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  for the type checker
        engines = [silent, *voice_engines(language)]
        field.choices = engines
        # One that is made up, or is no longer set up here, has no voices; the field says so itself.
        self.engine = engine if engine in dict(engines) else SILENT
        voices = voices_for(engine, language) if self.engine != SILENT else ()
        for row in range(len(self.people) if voices else 0):
            self.fields[f"voice-{row}"] = forms.ChoiceField(
                choices=[(voice.id, voice.title) for voice in voices], required=False
            )

    @classmethod
    def of(
        cls, wish: Wish, *, language: str, people: Sequence[str], voices: Mapping[str, str]
    ) -> "FilmForm":
        """As the page first shows it."""
        rows = [NARRATOR, *people][: MOST_ROWS + 1]
        initial = {
            "token": uuid4().hex,
            "shape": wish.shape,
            "captions": wish.captions,
            "cards": wish.cards,
            "speech_engine": wish.speech_engine,
            "speed": f"{wish.speed:g}",
            "lexicon": wish.lexicon,
            **{f"voice-{row}": voices.get(name, "") for row, name in enumerate(rows)},
        }
        return cls(initial=initial, language=language, people=people, engine=wish.speech_engine)

    def wish(self, before: Wish) -> Wish:
        """What the form asks for; the music stays what it was until it is kept."""
        data = self.cleaned_data
        return Wish(
            shape=data["shape"],
            captions=data["captions"],
            cards=data["cards"],
            speech_engine=data["speech_engine"],
            voices={name: voice for name, voice in self.chosen().items() if voice},
            speed=data["speed"],
            lexicon=data["lexicon"],
            music=before.music,
            music_name=before.music_name,
        )

    def chosen(self) -> dict[str, str]:
        """The voice of each row by name."""
        data = self.cleaned_data if self.is_bound else self.initial
        return {name: str(data.get(f"voice-{row}") or "") for row, name in enumerate(self.people)}

    def cap_micro(self) -> int | None:
        cap = self.cleaned_data.get("cap")
        return None if cap is None else micro_of(cap)
