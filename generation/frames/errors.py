"""What the frames room refuses, each with a code and parameters for translation."""

from __future__ import annotations


class FrameError(ValueError):
    """A picture that cannot be made as asked; `code` and `parameters` serve translation."""

    code = "frame"

    def __init__(self, message: str, **parameters: object) -> None:
        super().__init__(message)
        self.parameters = parameters


class UnknownCharacterError(FrameError):
    """A shot names a character that the cast does not have."""

    code = "unknown_character"

    def __init__(self, shot: object, character: str) -> None:
        self.shot = shot
        self.character = character
        super().__init__(
            f"shot {shot}: character {character!r} is not in the cast; "
            "add the character to the cast or take it out of the shot",
            shot=shot,
            character=character,
        )


class BadShotError(FrameError):
    """A shot's field has a shape that no picture can be drawn from."""

    code = "bad_shot"

    def __init__(self, shot: object, field: str, remedy: str) -> None:
        self.shot = shot
        self.field = field
        super().__init__(f"shot {shot}: {field}: {remedy}", shot=shot, field=field, remedy=remedy)


class BadSizeError(FrameError):
    """A picture size outside of what is drawn (64 to 8192 px a side)."""

    code = "bad_size"

    def __init__(self, width: int, height: int) -> None:
        super().__init__(
            f"picture size {width}x{height}: each side must be from 64 to 8192 px",
            width=width,
            height=height,
        )


class UnknownStyleError(FrameError):
    """A drawing style that the sketch engine does not have."""

    code = "unknown_style"

    def __init__(self, style: str, known: tuple[str, ...]) -> None:
        super().__init__(f"style {style!r} is unknown; known: {', '.join(known)}", style=style)


class UnreadablePictureError(FrameError):
    """Bytes handed to a check that are not a picture."""

    code = "unreadable_picture"
