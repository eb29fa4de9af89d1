"""ComfyUI: a graph with our own number, followed until its picture is there, lost, or stopped.

`/history/{id}` is `{}` while a job waits and for ever where nobody knows it, so the queue is asked
too. An equal graph is answered from the cache with the old file; a job that somebody deleted
appears nowhere; an interruption lands only between two steps of the sampler.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from engines import wire
from engines.errors import Billed, EngineError
from engines.images.comfyui_news import News
from engines.images.comfyui_server import Entry, Server, refused_graph
from engines.images.decoding import BadPicture, clean_picture
from engines.images.protocol import PictureAnswer, PictureRequest, Watch, closest_size
from engines.images.slots import Slots
from engines.images.templates import Template, filled

MOST_FAILED = 5  # a job that failed keeps its number; the next try takes the next one
MOST_NUMBERS = 40  # with those that somebody broke off


@dataclass(frozen=True, slots=True)
class ComfyUISettings:
    """`poll` in seconds between looks; `grace` how long an interruption may take to land."""

    name: str
    model: str
    wire: wire.Wire
    template: Template
    most_pixels: int = 1_048_576
    poll: float = 1.0
    grace: float = 60.0
    listens: bool = True


class ComfyUIImages:
    """The adapter. An own server bills nothing for a job that brings no picture."""

    def __init__(self, settings: ComfyUISettings) -> None:
        self.settings = settings
        self.server = Server(settings.wire)

    @property
    def name(self) -> str:
        return self.settings.name

    @property
    def model(self) -> str:
        return self.settings.model

    @property
    def version(self) -> str:
        told = self.settings
        return f"comfyui@1 {told.wire.base_url} {told.template.digest} {told.most_pixels}"

    @property
    def most_references(self) -> int:
        return self.settings.template.most_references

    @property
    def takes_regions(self) -> bool:
        return self.settings.template.takes_regions

    def draw(self, request: PictureRequest, watch: Watch | None = None) -> PictureAnswer:
        until = time.monotonic() + request.timeout
        job, entry = self._number(request)
        if entry is not None:  # drawn before, its answer was lost on the way
            return self._picture(request, job, entry)
        news = News(self.settings.wire, job) if self.settings.listens else None
        try:
            self._send(request, job, news.client if news else "")
            entry = self._followed(job, news, until, watch)
        finally:
            if news is not None:
                news.close()
        return self._picture(request, job, entry)

    def recover(self, request: PictureRequest) -> PictureAnswer | None:
        """The picture under the request's number, where the server has finished it."""
        for order in range(MOST_NUMBERS):
            job = self._job(request, order)
            entry = self.server.entry(job)
            if entry is not None and entry.succeeded:
                return self._picture(request, job, entry)
            if entry is None and order >= MOST_FAILED:  # the history forgets its oldest
                break
        return None

    def _job(self, request: PictureRequest, order: int) -> str:
        key = request.content_key(self.name, self.model, self.version)
        return str(uuid5(NAMESPACE_URL, f"pingju:{key}:{order}"))

    def _number(self, request: PictureRequest) -> tuple[str, Entry | None]:
        """The first number that has not failed, with its entry where it has succeeded."""
        failed = 0
        for order in range(MOST_NUMBERS):
            job = self._job(request, order)
            entry = self.server.entry(job)
            if entry is None or entry.succeeded:
                return job, entry
            failed += not entry.interrupted
            if failed == MOST_FAILED:
                break
        raise EngineError(
            f"The server failed {MOST_FAILED} times at this picture; its history says why.",
            code="failed_often",
            permanent=True,
            billed=Billed.SURELY_NOT,
        )

    def _send(self, request: PictureRequest, job: str, client: str) -> None:
        if self.server.has(job):  # sent before, still at work: follow it
            return
        graph = self._graph(request, job)
        try:
            reply = self.server.send(graph, job, client)
        except EngineError as error:
            # Whether it arrived can be asked, because the number is ours.
            if error.billed is Billed.UNKNOWN and self._arrived(job):
                return
            raise
        if reply.status != 200:
            raise refused_graph(reply)
        told = reply.document()
        if told.get("node_errors"):
            # Another output of the graph is valid, so the server works on; not on what was asked.
            self.server.stop(job)
            raise refused_graph(reply)
        if told.get("prompt_id") != job:
            self.server.stop(str(told.get("prompt_id") or job))
            raise EngineError(
                "The server gave the job another number; it is too old to be followed safely.",
                code="foreign_number",
                permanent=True,
                billed=Billed.SURELY_NOT,
            )

    def _arrived(self, job: str) -> bool:
        try:
            return self.server.has(job) or self.server.entry(job) is not None
        except EngineError:
            return False

    def _graph(self, request: PictureRequest, job: str) -> dict[str, Any]:
        size = closest_size(request.width, request.height, self.settings.most_pixels)

        def hand(picture: bytes, kind: str) -> str:
            name = f"{kind}-{sha256(picture).hexdigest()[:24]}.png"
            return self.server.upload(picture, name)

        slots = Slots(
            request, self.settings.template, size=size, model=self.model, job=job, hand=hand
        )
        return filled(
            self.settings.template,
            slots.value,
            regions=len(request.regions),
            references=len(slots.references),
            item=slots.item,
            source=request.source is not None,
        )

    # -- until it is there ---------------------------------------------------------------------
    def _followed(self, job: str, news: News | None, until: float, watch: Watch | None) -> Entry:
        stopped: Exception | None = None
        missed = 0
        while True:
            over = news.wait(self.settings.poll) if news else _slept(self.settings.poll)
            try:
                entry, missed = self._looked(job, missed, over)
            except EngineError as error:
                if stopped is None or error.code != "lost_job":
                    raise
                raise self._late(stopped) from stopped  # taken back while it waited
            if entry is not None:
                return self._ended(entry, stopped)
            if stopped is None and watch is not None:
                try:
                    watch(*(news.steps if news else (0, 0)))
                except Exception as error:
                    stopped = error
                    self.server.stop(job)
                    until = time.monotonic() + self.settings.grace
            if time.monotonic() > until:
                self.server.stop(job)
                raise self._late(stopped)

    def _looked(self, job: str, missed: int, over: bool) -> tuple[Entry | None, int]:
        """The job's entry, where it has ended; how often in a row nobody knew it."""
        try:
            entry = self.server.entry(job)
            if entry is not None or self.server.has(job):
                return entry, 0
            # It may have ended between the two questions.
            entry = self.server.entry(job)
        except EngineError as error:
            if error.permanent:
                raise
            return None, missed  # the server starts anew, or the network is away: until the clock
        if entry is not None:
            return entry, 0
        if missed >= 1:
            raise EngineError(
                "The job is gone from the server: deleted by somebody, or lost when it started anew.",
                code="lost_job",
                permanent=False,
                billed=Billed.SURELY_NOT,
            )
        return None, missed + 1

    def _ended(self, entry: Entry, stopped: Exception | None) -> Entry:
        if entry.succeeded:
            return entry  # even where it should have stopped: the picture is there
        if entry.interrupted:
            raise EngineError(
                "The picture was broken off.",
                code="cancelled" if stopped is not None else "interrupted",
                permanent=True,
                billed=Billed.SURELY_NOT,
            ) from stopped
        raise entry.error()

    def _late(self, stopped: Exception | None) -> EngineError:
        if stopped is None:
            return EngineError(
                "The server did not finish in time; the job was told to stop.",
                code="timeout",
                permanent=False,
                billed=Billed.UNKNOWN,
            )
        error = EngineError(
            "The picture was broken off as asked; the server has not said when.",
            code="cancelled",
            permanent=True,
            billed=Billed.SURELY_NOT,
        )
        error.__cause__ = stopped
        return error

    # -- the picture ---------------------------------------------------------------------------
    def _picture(self, request: PictureRequest, job: str, entry: Entry) -> PictureAnswer:
        output = self.settings.template.output
        file = entry.file(output)
        if file is None:
            raise wire.unusable("no_picture", "without a picture", billed=Billed.SURELY_NOT)
        try:
            picture = clean_picture(self.server.view(file))
        except BadPicture as error:
            raise wire.unusable(error.code, str(error), billed=Billed.SURELY_NOT) from error
        return PictureAnswer(
            png=picture.png,
            width=picture.width,
            height=picture.height,
            seed=request.seed,
            model=self.model,
            request_id=job,
            fresh=not entry.cached(output) and _ours(file, job),
            reported={"nodes_cached": len(entry.cached_nodes), "seconds": entry.seconds},
        )


def _ours(file: Mapping[str, str], job: str) -> bool:
    """Every job writes under its own number; a file with another name is an older picture."""
    return job in file["filename"] or job in file["subfolder"]


def _slept(seconds: float) -> bool:
    time.sleep(seconds)
    return False
