"""The portal's forms: a novel comes in, a run is asked for."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.http import whole_number
from engines.money import micro_of
from generation.library import style_choices
from generation.models import Chapter
from generation.services.texts import OFFLINE, engine_choices
from generation.story import default_density
from generation.story.reading import guess_title

MEGABYTE = 1024 * 1024


class NovelUploadForm(forms.Form):
    """A file or pasted text; what is in it is judged by the service, not here."""

    file = forms.FileField(label=gettext_lazy("Text file"), required=False, allow_empty_file=True)
    text = forms.CharField(
        label=gettext_lazy("Or paste the text"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    title = forms.CharField(label=gettext_lazy("Title"), required=False, max_length=200)

    def __init__(self, *args: Any, oversize: str = "", limit_bytes: int, **kwargs: Any) -> None:
        """`oversize`: name of a file that was over the limit and therefore never arrived."""
        super().__init__(*args, **kwargs)
        self.oversize = oversize
        self.limit_bytes = limit_bytes
        self.limit_mb = limit_bytes // MEGABYTE

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.oversize:
            message = _(
                "%(name)s is larger than %(limit)s MB. Split it into parts and upload them one "
                "by one."
            )
            self.add_error("file", message % {"name": self.oversize, "limit": self.limit_mb})
            return data
        file, text = data.get("file"), data.get("text", "").strip()
        if file is not None and text:
            self.add_error(None, _("Choose a file or paste text, not both: which one do you mean?"))
        elif file is None and not text and not self.errors:
            self.add_error("file", _("Choose a text file, or paste your text below."))
        return data

    def content(self) -> tuple[bytes, str]:
        """The bytes to read and the name they came under."""
        file = self.cleaned_data["file"]
        if file is not None:
            return file.read(), file.name
        return self.cleaned_data["text"].encode(), _("Pasted text")

    def chosen_title(self) -> str:
        """The title given, else for pasted text its own; a file's is found from its name."""
        given: str = self.cleaned_data["title"]
        return given or guess_title(self.cleaned_data["text"])


class RunForm(forms.Form):
    """What a run should do. `token` makes the same form, sent twice, one run."""

    ALL, CHOSEN = "all", "chosen"
    VERTICAL, HORIZONTAL = "vertical", "horizontal"

    token = forms.CharField(max_length=64, widget=forms.HiddenInput)
    scope = forms.ChoiceField(label=gettext_lazy("Chapters"), widget=forms.RadioSelect)
    chapters = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Chosen chapters"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )
    density = forms.FloatField(
        label=gettext_lazy("Shots per 1,000 characters"), min_value=1, max_value=60
    )
    film_minutes = forms.FloatField(
        label=gettext_lazy("Film length in minutes, at most"),
        required=False,
        min_value=0.1,
        max_value=600,
    )
    shape = forms.ChoiceField(
        label=gettext_lazy("Picture format"),
        widget=forms.RadioSelect,
        choices=[
            (VERTICAL, gettext_lazy("Vertical 9:16")),
            (HORIZONTAL, gettext_lazy("Horizontal 16:9")),
        ],
    )
    text_engine = forms.ChoiceField(
        label=gettext_lazy("Text engine"), required=False, widget=forms.RadioSelect
    )
    cap = forms.DecimalField(
        label=gettext_lazy("The most it may cost"),
        required=False,
        min_value=0,
        max_digits=12,
        decimal_places=4,
    )
    template = forms.ChoiceField(label=gettext_lazy("Picture style"), required=False)
    with_frames = forms.BooleanField(label=gettext_lazy("Draw the pictures"), required=False)
    with_film = forms.BooleanField(label=gettext_lazy("Make the film"), required=False)

    def __init__(self, *args: Any, chapters: list[Chapter], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = chapters
        self._choices("chapters", [(item.index, str(item)) for item in chapters])
        self._choices("text_engine", [(OFFLINE, gettext_lazy("offline rules")), *engine_choices()])
        self._choices("template", [("", gettext_lazy("the usual one")), *style_choices()])
        self._choices(
            "scope",
            [
                (self.ALL, gettext_lazy("The whole novel")),
                (self.CHOSEN, gettext_lazy("Only the chapters ticked below")),
            ],
        )

    def _choices(self, name: str, choices: list[tuple[Any, str | Promise]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  for the type checker
        field.choices = choices

    @classmethod
    def fresh(cls, chapters: list[Chapter], language: str) -> "RunForm":
        """As a novel's page first shows it: its first chapter with a title, pictures and film."""
        first = next((item for item in chapters if item.title), chapters[0])
        whole = len(chapters) == 1
        return cls(
            chapters=chapters,
            initial={
                "token": uuid4().hex,
                "scope": cls.ALL if whole else cls.CHOSEN,
                "chapters": [first.index],
                "density": f"{default_density(first.length, language):g}",
                "shape": cls.VERTICAL,
                "text_engine": OFFLINE,
                "with_frames": True,
                "with_film": True,
            },
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("scope") == self.CHOSEN and not data.get("chapters") and not self.errors:
            self.add_error("chapters", _("Tick at least one chapter."))
        if data.get("with_film") and not data.get("with_frames"):
            self.add_error("with_film", _("A film needs pictures: tick both, or neither."))
        return data

    @property
    def has_engines(self) -> bool:
        """Whether there is more to choose from than the rules."""
        return bool(engine_choices())

    def text(self) -> str:
        """The text engine that the form names."""
        data = self.cleaned_data if self.is_bound else self.initial
        return data.get("text_engine") or OFFLINE

    def film_seconds(self) -> int | None:
        """The film's length at most; None where the whole text is to be read."""
        data = self.cleaned_data if self.is_bound else self.initial
        minutes = data.get("film_minutes")
        return None if minutes is None else max(5, round(minutes * 60))

    def cap_micro(self) -> int | None:
        """The cap that was written; None for the proposed one, or where nothing is paid."""
        cap = self.cleaned_data.get("cap")
        return None if cap is None or self.text() == OFFLINE else micro_of(cap)

    def chosen(self) -> list[Chapter]:
        """The chapters that the form names, whether sent or as first shown."""
        data = self.cleaned_data if self.is_bound else self.initial
        if data.get("scope") == self.ALL:
            return self.rows
        wanted = set(data.get("chapters", ()))
        return [item for item in self.rows if item.index in wanted]

    def ticked(self) -> set[int]:
        """Indices ticked, for the template that draws the list itself."""
        values = self["chapters"].value() or []
        read = (whole_number(str(value)) for value in values)
        return {number for number in read if number is not None}
