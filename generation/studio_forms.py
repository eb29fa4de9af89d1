"""What the studio's pages send: the edit of a shot, and pictures wanted again."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.exceptions import DomainError
from engines.money import micro_of
from generation.services.drawing import SKETCHES
from generation.services.studio import MOST_IN_SHOT, MOST_THROWS, Edit
from generation.studio_page import engine_choices


class RedoForm(forms.Form):
    """`token` makes the same form, sent twice, one batch."""

    token = forms.CharField(max_length=64, widget=forms.HiddenInput)
    engine = forms.ChoiceField(label=gettext_lazy("Engine"))
    new_seed = forms.BooleanField(label=gettext_lazy("Another seed"), required=False)
    beside = forms.BooleanField(
        label=gettext_lazy("Only to compare: keep the pictures in use"), required=False
    )
    best_of = forms.TypedChoiceField(
        label=gettext_lazy("Keep the best of"),
        coerce=int,
        choices=[(number, str(number)) for number in range(1, MOST_THROWS + 1)],
        initial=1,
        required=False,
        empty_value="1",
    )
    cap = forms.DecimalField(
        label=gettext_lazy("The most it may cost"),
        required=False,
        min_value=0,
        max_digits=12,
        decimal_places=4,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["engine"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  for the type checker
        field.choices = engine_choices()

    @classmethod
    def fresh(cls, engine: str = "sketch") -> "RedoForm":
        return cls(initial={"token": uuid4().hex, "engine": engine, "best_of": 1})

    @property
    def has_engines(self) -> bool:
        """Whether anything can be chosen that costs money."""
        return len(engine_choices()) > len(SKETCHES)

    def wanted(self) -> dict[str, Any]:
        """For `frames_redo`."""
        told = self.cleaned_data
        cap = told.get("cap")
        return {
            "token": told["token"],
            "engine": told["engine"],
            "new_seed": told["new_seed"],
            "beside": told["beside"],
            "best_of": int(told["best_of"] or 1),
            "cap_micro": None if cap is None else micro_of(cap),
        }


def edit_sent(post: "MultiValueDict[str, str]") -> Edit:
    """The edit that a shot's form has sent; raises `DomainError` where a place is no number."""
    cast = [
        _entry(post, position)
        for position in range(MOST_IN_SHOT + 1)
        if post.get(f"id-{position}") and not post.get(f"gone-{position}")
    ]
    own = post.get("own") == "yes"
    return Edit(
        framing=post.get("framing", ""),
        movement=post.get("movement", ""),
        action=post.get("action", ""),
        narration=post.get("narration", ""),
        cast=cast,
        prompt=post.get("prompt", "") if own else "",
        negative=post.get("negative", "") if own else "",
    )


def _entry(post: "MultiValueDict[str, str]", position: int) -> dict[str, Any]:
    try:
        box = [
            float(post.get(f"{name}-{position}") or fallback) / 100
            for name, fallback in (("x", 35), ("y", 16), ("width", 30), ("height", 84))
        ]
    except ValueError as error:
        raise DomainError(
            _("Places in the frame are given in percent, 0 to 100."), "cast"
        ) from error
    return {
        "id": post.get(f"id-{position}"),
        "box": box,
        "pose": post.get(f"pose-{position}") or "stand",
        "expression": post.get(f"expression-{position}") or "neutral",
    }
