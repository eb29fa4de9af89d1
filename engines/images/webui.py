"""Stable Diffusion WebUI (AUTOMATIC1111 and its kin) with `--api`: txt2img, img2img, extensions.

One job at a time and the answer only at its end, so a thread beside the call asks how far it is.
`images` may hold ControlNet's maps after the pictures, a grid before them; an interrupted job
answers 200 with what was half drawn.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import json
import threading
from dataclasses import dataclass
from typing import Any

from engines import wire
from engines.errors import Billed, EngineError
from engines.images.decoding import BadPicture, clean_picture
from engines.images.protocol import PictureAnswer, PictureRequest, Watch, closest_size
from engines.images.slots import Slots
from engines.images.templates import Template, filled

POLL = 1.0
ASKING = 10.0  # seconds for a question beside the job


@dataclass(frozen=True, slots=True)
class WebUISettings:
    name: str
    model: str
    wire: wire.Wire
    template: Template
    most_pixels: int = 1_048_576
    poll: float = POLL


class WebUIImages:
    """The adapter. An own server bills nothing for what it refuses or breaks off."""

    def __init__(self, settings: WebUISettings) -> None:
        self.settings = settings

    @property
    def name(self) -> str:
        return self.settings.name

    @property
    def model(self) -> str:
        return self.settings.model

    @property
    def version(self) -> str:
        told = self.settings
        return f"webui@1 {told.wire.base_url} {told.template.digest} {told.most_pixels}"

    @property
    def most_references(self) -> int:
        return self.settings.template.most_references

    @property
    def takes_regions(self) -> bool:
        return self.settings.template.takes_regions

    def draw(self, request: PictureRequest, watch: Watch | None = None) -> PictureAnswer:
        job = f"pingju-{request.content_key(self.name, self.model, self.version)[:24]}"
        body = self._payload(request, job)
        path = "/sdapi/v1/txt2img" if request.source is None else "/sdapi/v1/img2img"
        call = _Call(self.settings, path, body, request.timeout)
        stopped = call.watched(job, watch) if watch is not None else None
        reply = call.reply()
        if stopped is not None:
            raise EngineError(
                "The picture was broken off as asked.",
                code="cancelled",
                permanent=True,
                billed=Billed.SURELY_NOT,
            ) from stopped
        if reply.status != 200:
            raise _refusal(reply)
        return self._read(request, reply)

    def recover(self, request: PictureRequest) -> PictureAnswer | None:
        """WebUI keeps nothing under our number."""
        return None

    def _payload(self, request: PictureRequest, job: str) -> dict[str, Any]:
        size = closest_size(request.width, request.height, self.settings.most_pixels)
        slots = Slots(
            request, self.settings.template, size=size, model=self.settings.model, job=job
        )
        body = filled(
            self.settings.template,
            slots.value,
            regions=len(request.regions),
            references=len(slots.references),
            item=slots.item,
            source=request.source is not None,
        )
        return {**body, "force_task_id": job, "send_images": True}

    def _read(self, request: PictureRequest, reply: wire.Reply) -> PictureAnswer:
        told = reply.document()
        info = _info(told.get("info"))
        images = told.get("images")
        first = info.get("index_of_first_image")
        order = first if isinstance(first, int) and first >= 0 else 0
        if not isinstance(images, list) or len(images) <= order:
            raise wire.unusable("no_picture", "without a picture", billed=Billed.SURELY_NOT)
        if info.get("interrupted") is True:
            raise wire.unusable(
                "interrupted", "somebody broke the picture off", billed=Billed.SURELY_NOT
            )
        try:
            text = str(images[order]).rpartition("base64,")[2]
            picture = clean_picture(base64.b64decode(text, validate=True))
        except (BadPicture, binascii.Error, ValueError) as error:
            raise wire.unusable(
                getattr(error, "code", "broken_picture"),
                "its picture cannot be read",
                billed=Billed.SURELY_NOT,
            ) from error
        seeds = info.get("all_seeds")
        seed = seeds[0] if isinstance(seeds, list) and seeds else info.get("seed")
        return PictureAnswer(
            png=picture.png,
            width=picture.width,
            height=picture.height,
            seed=seed if isinstance(seed, int) else request.seed,
            model=str(info.get("sd_model_name") or self.settings.model)[:120],
            request_id=str(info.get("job_timestamp") or "")[:120],
            reported={
                name: info[name]
                for name in ("sampler_name", "steps", "cfg_scale", "sd_model_hash", "version")
                if isinstance(info.get(name), str | int | float)
            },
        )


def _info(text: object) -> dict[str, Any]:
    """The JSON that stands as text inside of the JSON."""
    try:
        told = json.loads(text) if isinstance(text, str) else None
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _refusal(reply: wire.Reply) -> EngineError:
    """422 and 404 name a script, a sampler or a field; 500 is the server's own fault."""
    error = wire.refused(reply)
    if reply.status < 500:
        return error
    memory = b"OutOfMemory" in reply.body[:8192] or b"out of memory" in reply.body[:8192].lower()
    return EngineError(
        "The engine has not enough memory for this size." if memory else str(error),
        code="out_of_memory" if memory else error.code,
        permanent=memory,
        billed=Billed.SURELY_NOT,
    )


class _Call:
    """The call in a thread of its own, so that its caller can look how far it is meanwhile.

    `/progress` and `/interrupt` mean whatever the server works on, so nothing is interrupted unless
    it is this job, or the server is too old to say which it is.
    """

    def __init__(
        self, settings: WebUISettings, path: str, body: dict[str, Any], seconds: float
    ) -> None:
        self._settings, self._over = settings, threading.Event()
        self._reply: wire.Reply | None = None
        self._error: EngineError | None = None
        self._thread = threading.Thread(target=self._send, args=(path, body, seconds), daemon=True)
        self._thread.start()

    def _send(self, path: str, body: dict[str, Any], seconds: float) -> None:
        try:
            self._reply = self._settings.wire.call("POST", path, seconds=seconds, document=body)
        except EngineError as error:
            self._error = error
        finally:
            self._over.set()

    def reply(self) -> wire.Reply:
        self._thread.join()
        if self._reply is None:
            raise self._error or wire.unusable("no_answer", "nothing came")
        return self._reply

    def watched(self, job: str, watch: Watch) -> Exception | None:
        """Wait for the end; what `watch` raised, once it wants to stop."""
        stopped: Exception | None = None
        while not self._over.wait(self._settings.poll):
            done, total, ours = self._progress(job)
            if stopped is None:
                try:
                    watch(done, total)
                except Exception as error:
                    stopped = error
            if stopped is not None and ours:
                with contextlib.suppress(EngineError):
                    self._settings.wire.call("POST", "/sdapi/v1/interrupt", seconds=ASKING)
        return stopped

    def _progress(self, job: str) -> tuple[int, int, bool]:
        """Steps done, steps in all, and whether the server works on this job."""
        try:
            told = self._settings.wire.call(
                "GET",
                "/sdapi/v1/progress",
                seconds=ASKING,
                query={"skip_current_image": "true"},
                largest=1024 * 1024,
            ).document()
        except EngineError:
            return 0, 0, False
        state = told.get("state")
        state = state if isinstance(state, dict) else {}
        task = told.get("current_task")
        ours = task is None or task == job
        done, total = state.get("sampling_step"), state.get("sampling_steps")
        if ours and isinstance(done, int) and isinstance(total, int):
            return done, total, True
        return 0, 0, ours
