"""What can go wrong with a film, in one place."""

from __future__ import annotations


class FilmError(ValueError):
    """The film cannot be made from what was given.

    `code` is one of "board", "spec", "frame_missing", "frame_unreadable", "font_missing",
    "voice_missing", "voice_unreadable", "voice_count", "music_missing", "music_unreadable",
    "film_unreadable", "lexicon", "draft_exists", "draft_encrypted"; `message` is English and names the place and the remedy;
    `parameters` carries the values in it (such as `shot` and `path`) for a translated message.
    """

    def __init__(self, code: str, message: str, **parameters: object) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.parameters = parameters


class Cancelled(Exception):
    """`cancelled()` answered True: the job stopped and left no file behind."""
