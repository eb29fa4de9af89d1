"""Any endpoint that speaks `POST /images/generations` and, with references, `POST /images/edits`.

The prompt stands in one text. A picture comes as base64 or as an address that expires; the address
is fetched at once, without following it anywhere else, and never inside of a private network
unless the engine itself is there.
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
import json
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from engines import wire
from engines.images.decoding import LARGEST_FILE, BadPicture, clean_picture
from engines.images.protocol import PictureAnswer, PictureRequest, Watch, asked_before
from engines.images.slots import Slots
from engines.images.templates import Template, filled

# What GPT-image takes; other endpoints name theirs in the settings.
SIZES = ((1024, 1024), (1024, 1536), (1536, 1024))


@dataclass(frozen=True, slots=True)
class ImagesEndpoint:
    """Where and how to ask. `sizes` in px, the closest shape is taken; empty: as requested."""

    name: str
    model: str
    wire: wire.Wire
    template: Template
    sizes: tuple[tuple[int, int], ...] = SIZES
    not_billed: frozenset[int] = frozenset()
    edits: bool = True
    extra: Mapping[str, Any] = field(default_factory=dict)


class OpenAIImages:
    """The adapter."""

    def __init__(self, endpoint: ImagesEndpoint) -> None:
        self.endpoint = endpoint

    @property
    def name(self) -> str:
        return self.endpoint.name

    @property
    def model(self) -> str:
        return self.endpoint.model

    @property
    def version(self) -> str:
        extra = json.dumps(dict(self.endpoint.extra), sort_keys=True, ensure_ascii=False)
        return (
            f"openai-images@1 {self.endpoint.wire.base_url} {self.endpoint.template.digest} {extra}"
        )

    @property
    def most_references(self) -> int:
        return self.endpoint.template.most_references if self.endpoint.edits else 0

    @property
    def takes_regions(self) -> bool:
        return False

    def draw(self, request: PictureRequest, watch: Watch | None = None) -> PictureAnswer:
        """Draw once; a call on its way cannot be stopped here, so `watch` is asked before it."""
        asked_before(watch)
        reply = self._ask(request)
        if reply.status != 200:
            raise wire.refused(reply, self.endpoint.not_billed)
        return self._read(request, reply)

    def recover(self, request: PictureRequest) -> PictureAnswer | None:
        """These endpoints keep nothing that could be asked for again."""
        return None

    def _ask(self, request: PictureRequest) -> wire.Reply:
        size = self._size(request)
        slots = Slots(request, self.endpoint.template, size=size, model=self.endpoint.model, job="")
        references = slots.references if self.endpoint.edits else ()
        body = filled(
            self.endpoint.template,
            slots.value,
            regions=len(request.regions),
            references=len(references),
            item=slots.item,
            source=request.source is not None,
        )
        body |= self.endpoint.extra
        pictures = [reference.picture for reference in references]
        if request.source is not None and self.endpoint.edits:
            pictures.insert(0, request.source)
        if not pictures:
            return self.endpoint.wire.call(
                "POST", "/images/generations", seconds=request.timeout, document=body
            )
        files = [
            ("image[]", (f"{order}.png", picture, "image/png"))
            for order, picture in enumerate(pictures)
        ]
        form = {
            key: item if isinstance(item, str) else json.dumps(item) for key, item in body.items()
        }
        return self.endpoint.wire.call(
            "POST", "/images/edits", seconds=request.timeout, files=files, form=form
        )

    def _size(self, request: PictureRequest) -> tuple[int, int]:
        if not self.endpoint.sizes:
            return request.width, request.height
        shape = request.width / request.height
        return min(self.endpoint.sizes, key=lambda size: abs(size[0] / size[1] - shape))

    def _read(self, request: PictureRequest, reply: wire.Reply) -> PictureAnswer:
        told = reply.document()
        rows = told.get("data") or told.get("images")
        first = rows[0] if isinstance(rows, list) and rows else None
        if not isinstance(first, dict):
            raise wire.unusable("no_picture", "without a picture")
        try:
            picture = clean_picture(self._bytes(first, request.timeout))
        except BadPicture as error:
            raise wire.unusable(error.code, str(error)) from error
        usage = told.get("usage")
        seed = told.get("seed")
        model = told.get("model")
        return PictureAnswer(
            png=picture.png,
            width=picture.width,
            height=picture.height,
            seed=seed if isinstance(seed, int) else request.seed,
            model=model if isinstance(model, str) and model else self.endpoint.model,
            request_id=str(reply.headers.get("x-request-id") or "")[:120],
            input_tokens=_tokens(usage, "input_tokens"),
            output_tokens=_tokens(usage, "output_tokens"),
            reported={"seed_used": "seed" in self.endpoint.template.body or isinstance(seed, int)},
        )

    def _bytes(self, row: Mapping[str, Any], timeout: float) -> bytes:
        text = row.get("b64_json") or row.get("base64")
        if isinstance(text, str):
            try:
                return base64.b64decode(text.rpartition("base64,")[2], validate=True)
            except (binascii.Error, ValueError) as error:
                raise BadPicture("broken_picture", "the picture's text is no base64") from error
        address = row.get("url")
        if not isinstance(address, str):
            raise BadPicture("no_picture", "there is neither a picture nor an address")
        return self._fetched(address, timeout)

    def _fetched(self, address: str, timeout: float) -> bytes:
        own = urlsplit(self.endpoint.wire.base_url)
        wanted = urlsplit(address)
        at_home = (wanted.scheme, wanted.netloc) == (own.scheme, own.netloc)
        if not at_home and (wanted.scheme != "https" or _private(wanted.hostname or "")):
            raise BadPicture("strange_address", "its address is not a public https address")
        # Without the key: the file's host is not always the engine's.
        bare = wire.Wire(base_url="", transport=self.endpoint.wire.transport)
        reply = bare.call("GET", address, seconds=min(60.0, timeout), largest=LARGEST_FILE)
        if reply.status != 200:
            raise BadPicture("picture_gone", f"its address answers {reply.status}")
        return reply.body


def _private(host: str) -> bool:
    """Whether a name leads anywhere but to the public network."""
    try:
        rows = socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return True
    return not all(ipaddress.ip_address(str(row[4][0])).is_global for row in rows)


def _tokens(usage: object, name: str) -> int:
    number = usage.get(name) if isinstance(usage, dict) else 0
    right = isinstance(number, int) and not isinstance(number, bool) and 0 <= number < 10_000_000
    return number if right and isinstance(number, int) else 0
