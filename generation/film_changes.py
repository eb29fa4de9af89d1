"""What is another since a film was made: pictures, words and settings, for its page."""

import hashlib
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from generation.models import Film, FilmSettings
from generation.selectors import shots_of
from generation.services.film_marks import shot_mark
from generation.services.filming import Wish, wish_of
from generation.services.voicing import SILENT

_NAMES: dict[str, Promise] = {
    "shape": _("the picture format"),
    "captions": _("the captions"),
    "cards": _("the cards"),
    "speech_engine": _("the voice engine"),
    "speed": _("the speed"),
    "lexicon": _("how words are said"),
    "music": _("the music"),
}


@dataclass(frozen=True)
class FilmChanges:
    """`shots` are numbers as the page counts them, from 1; `settings` in words."""

    shots: tuple[int, ...]
    settings: tuple[Promise | str, ...]
    # Of the state that is shown: the button pressed twice is one film.
    token: str = ""

    def __bool__(self) -> bool:
        return bool(self.shots or self.settings)


def film_changes(film: Film) -> FilmChanges:
    """What a film made now would have else; nothing is known of films that noted nothing."""
    if not film.made_of:
        return FilmChanges((), ())
    marks = film.made_of["shots"]
    changed = []
    for shot in shots_of(film.run):
        current = next(iter(shot.frames.all()), None)
        picture = str(current.file) if current else ""
        facts = {name: getattr(shot, name) for name in ("narration", "movement", "lines", "cast")}
        if shot_mark(picture, facts) != marks.get(str(shot.index)):
            changed.append(shot.index + 1)
    settings = _settings(film)
    state = f"{film.sha256} {changed} {settings}"
    return FilmChanges(tuple(changed), settings, hashlib.sha256(state.encode()).hexdigest()[:32])


def _settings(film: Film) -> tuple[Promise | str, ...]:
    """Only what somebody set: without settings a film takes what there is on its day."""
    if not FilmSettings.objects.filter(novel=film.run.novel_id).exists():
        return ()
    now, then = wish_of(film.run), Wish(**film.made_of["settings"])
    named: list[Promise | str] = [
        word
        for name, word in _NAMES.items()
        if getattr(now, name) != getattr(then, name)
        and not (name in ("speed", "lexicon") and SILENT == now.speech_engine == then.speech_engine)
    ]
    spoke = film.made_of["voices"]
    if now.speech_engine == then.speech_engine:
        others = [who for who, voice in now.voices.items() if spoke.get(who, voice) != voice]
        named += [_("the voice of %(name)s") % {"name": who or _("the narrator")} for who in others]
    return tuple(named)
