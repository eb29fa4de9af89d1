"""What a film was made of, small enough for its row, so that a page can say what is another since."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings

# What of a shot a film shows or says, beside its picture.
_FACTS = ("narration", "movement", "lines", "cast")


def shot_mark(picture: str, shot: Mapping[str, Any]) -> str:
    """Another where the film of the shot would be another. `picture`: its path below the media folder;
    a version of a picture never changes."""
    facts = [picture, *(shot[name] for name in _FACTS)]
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def made_of(
    board: Mapping[str, Any], base: Path, wish: Mapping[str, Any], voices: Mapping[str, str]
) -> dict[str, Any]:
    """`base`: the folder that the board's pictures are relative to; `voices`: who had which, by name."""
    root = Path(settings.MEDIA_ROOT)
    shots = {}
    for shot in board["shots"]:
        path = base / shot["frame"] if shot["frame"] else None
        picture = path.relative_to(root).as_posix() if path and path.is_relative_to(root) else ""
        shots[str(shot["index"])] = shot_mark(picture, shot)
    return {"shots": shots, "settings": dict(wish), "voices": dict(voices)}
