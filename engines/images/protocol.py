"""The nouns of pictures. What differs between engines ends here."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Protocol

from engines.errors import Billed, EngineError

Box = tuple[float, float, float, float]  # x, y, width, height in 0..1 of the picture
# Told how far the drawing is (done, total; total 0: not known). May raise to stop it.
Watch = Callable[[int, int], None]


def asked_before(watch: Watch | None, total: int = 0) -> None:
    """For engines whose call cannot be stopped once it is on its way: `watch` is asked before it.

    Raises `EngineError` ("cancelled", surely not billed) where it wants to stop.
    """
    if watch is None:
        return
    try:
        watch(0, total)
    except Exception as error:  # whatever the caller stops with
        raise EngineError(
            "Stopped before anything was sent.",
            code="cancelled",
            permanent=True,
            billed=Billed.SURELY_NOT,
        ) from error


@dataclass(frozen=True, slots=True)
class Region:
    """One character's part of the picture: only `prompt` holds there, besides the common words."""

    who: str
    prompt: str
    box: Box
    negative: str = ""


@dataclass(frozen=True, slots=True)
class Reference:
    """A picture (PNG) of somebody to be drawn alike; `box` is where, None for the whole picture."""

    who: str
    picture: bytes = field(repr=False)
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class PictureRequest:
    """What is to be drawn. Sizes in px, `timeout` in seconds.

    `prompt` says all in one text, for engines without regions; `common` is the same without the
    characters, for engines that have them. `source` (PNG) is changed by `strength` 0..1 instead of
    beginning from nothing. `purpose` is for the receipt and no part of what is asked.
    """

    prompt: str
    negative: str = ""
    seed: int = 0
    width: int = 1080
    height: int = 1920
    common: str = ""
    regions: tuple[Region, ...] = ()
    references: tuple[Reference, ...] = ()
    source: bytes | None = field(default=None, repr=False)
    strength: float = 0.6
    parameters: Mapping[str, float | int | str] = field(default_factory=dict)
    timeout: float = 300.0
    purpose: str = "picture"

    def content(self) -> dict[str, Any]:
        """All that decides the picture, as JSON: the same content is the same call."""
        return {
            "prompt": self.prompt,
            "negative": self.negative,
            "seed": self.seed,
            "size": [self.width, self.height],
            "common": self.common,
            "regions": [[r.who, r.prompt, r.negative, list(r.box)] for r in self.regions],
            "references": [
                [r.who, sha256(r.picture).hexdigest(), None if r.box is None else list(r.box)]
                for r in self.references
            ],
            "source": None if self.source is None else sha256(self.source).hexdigest(),
            "strength": None if self.source is None else self.strength,
            "parameters": dict(self.parameters),
        }

    def content_key(self, *identity: str) -> str:
        """SHA-256 over the canonical content and who is asked (engine, model, version …)."""
        text = json.dumps(
            [list(identity), self.content()],
            ensure_ascii=False,
            sort_keys=True,
            separators=(",", ":"),
        )
        return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class PictureAnswer:
    """One picture as PNG without metadata, and what the engine said of it.

    `fresh` is False where the engine gave a picture that it had drawn before. Tokens are 0 where
    the engine counts none.
    """

    png: bytes = field(repr=False)
    width: int
    height: int
    seed: int
    model: str
    request_id: str = ""
    fresh: bool = True
    input_tokens: int = 0
    output_tokens: int = 0
    reported: Mapping[str, Any] = field(default_factory=dict)

    @property
    def sha256(self) -> str:
        return sha256(self.png).hexdigest()


class Images(Protocol):
    """An engine that draws. Adapters raise `engines.errors.EngineError` and nothing else."""

    @property
    def name(self) -> str:
        """Its name in the settings."""

    @property
    def model(self) -> str:
        """The model that is asked for."""

    @property
    def version(self) -> str:
        """Of the adapter, its settings and its template: part of the content key."""

    @property
    def most_references(self) -> int:
        """How many reference pictures it takes; 0: none."""

    @property
    def takes_regions(self) -> bool:
        """Whether each character gets a part of the picture of its own."""

    def draw(self, request: PictureRequest, watch: Watch | None = None) -> PictureAnswer:
        """Draw once. Never repeats a call that may have been billed.

        What `watch` raises is the cause of an `EngineError` with the code "cancelled"; where the
        picture was finished before the engine could stop, it is returned all the same.
        """

    def recover(self, request: PictureRequest) -> PictureAnswer | None:
        """The picture of a request whose answer was lost, where the engine still has it."""


def closest_size(width: int, height: int, most_pixels: int, multiple: int = 8) -> tuple[int, int]:
    """The largest size of about the same shape that has at most `most_pixels`, in whole steps."""
    scale = min(1.0, (most_pixels / (width * height)) ** 0.5)
    return (
        max(multiple, int(width * scale) // multiple * multiple),
        max(multiple, int(height * scale) // multiple * multiple),
    )
