"""A picture that is paid at most once, and the templates that engines are asked with."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from engines.chat.protocol import Usage
from engines.errors import Billed, EngineError
from engines.images import Images, PictureAnswer, PictureRequest, Watch
from engines.images.decoding import BadPicture, clean_picture
from engines.images.registry import built_in, built_in_documents, image_engine, settings_of
from engines.images.templates import Template, parse
from engines.models import Budget, PaidCall, PictureTemplate
from engines.pricing import PriceList, price_of
from engines.scopes import HOUSE, folder_of, scoped
from engines.services import ledger
from engines.services.buying import Purchase, Wait, buy
from engines.signals import template_saved

# What one picture may be counted as by an engine that counts tokens.
MOST_PICTURE_TOKENS = 10_000
MOST_REFERENCE_TOKENS = 8_000


@dataclass(frozen=True, slots=True)
class PaidPicture:
    """`kept` is True where nothing was asked: the picture was paid for before, `own` where it was
    paid for from the same budget. Cost in micro-units. `key` names the receipt."""

    answer: PictureAnswer
    cost_micro: int
    currency: str
    kept: bool
    own: bool
    key: str


@dataclass(frozen=True, slots=True)
class _Kept:
    """A picture and where its bytes are kept beside the receipt."""

    picture: PictureAnswer
    file: str

    @property
    def usage(self) -> Usage:
        told = self.picture
        return Usage(told.input_tokens, told.output_tokens, 0, pictures=1 if told.fresh else 0)

    @property
    def request_id(self) -> str:
        return self.picture.request_id

    def to_dict(self) -> dict[str, Any]:
        told = self.picture
        return {
            "file": self.file, "sha256": told.sha256, "width": told.width, "height": told.height,
            "seed": told.seed, "model": told.model, "request_id": told.request_id,
            "fresh": told.fresh, "input_tokens": told.input_tokens,
            "output_tokens": told.output_tokens, "reported": dict(told.reported),
        }  # fmt: skip


def picture_engine(name: str) -> Images:
    """The engine with the template that the team has made current; raises as `image_engine`."""
    wanted = settings_of(name).template_name
    return image_engine(name, template_named(wanted) if wanted else None)


def template_named(name: str) -> Template:
    """The team's current template of this name, else the one that comes with the house.

    Raises `LookupError` where neither is there.
    """
    row = PictureTemplate.objects.filter(name=name, current=True).first()
    return parse(row.document) if row is not None else built_in(name)


def template_text(name: str) -> str:
    """The current document of a name as JSON text; empty where there is none."""
    row = PictureTemplate.objects.filter(name=name, current=True).first()
    if row is not None:
        return json.dumps(row.document, ensure_ascii=False, indent=2)
    return built_in_documents().get(name, "")


@transaction.atomic
def template_save(
    *, name: str, document: dict[str, Any], note: str = "", actor: Any = None
) -> PictureTemplate:
    """A new version of a template, current from now on; earlier ones stay as they are.

    Raises `engines.images.templates.BadTemplate` with every problem.
    """
    parse(document)
    rows = PictureTemplate.objects.select_for_update().filter(name=name)
    last = rows.aggregate(last=Max("version"))["last"] or 0
    rows.filter(current=True).update(current=False)
    row = PictureTemplate.objects.create(
        name=name,
        version=last + 1,
        kind=document["kind"],
        document=document,
        note=note[:300],
        current=True,
    )
    template_saved.send(PictureTemplate, template=row, actor=actor)
    return row


@transaction.atomic
def template_back(*, template: PictureTemplate, actor: Any = None) -> None:
    """Make an earlier version current again."""
    PictureTemplate.objects.select_for_update().filter(name=template.name).update(current=False)
    PictureTemplate.objects.filter(pk=template.pk).update(current=True)
    template_saved.send(PictureTemplate, template=template, actor=actor)


def price_list(engine: Images) -> PriceList:
    """Today's prices of an engine. Raises `engines.pricing.NoPrice`."""
    return price_of(engine.name, engine.model, timezone.now())


def most_usage(engine: Images, request: PictureRequest) -> Usage:
    """What one picture is counted as at most."""
    references = min(len(request.references), engine.most_references)
    words = len(request.prompt.encode("utf-8", "surrogatepass"))
    return Usage(words + references * MOST_REFERENCE_TOKENS + 256, MOST_PICTURE_TOKENS, pictures=1)


def key_of(engine: Images, request: PictureRequest, scope: str = HOUSE) -> str:
    key = request.content_key("picture", engine.name, engine.model, engine.version)
    return scoped(key, scope)


def paid_picture(
    *,
    engine: Images,
    request: PictureRequest,
    budget: Budget,
    watch: Watch | None = None,
    wait: Wait = time.sleep,
    scope: str = HOUSE,
) -> PaidPicture:
    """The picture of `request`, bought if it is not bought in this scope yet: see `buying.buy`.

    What `watch` raises to stop comes out of here as it is.
    """
    key = key_of(engine, request, scope)
    file = _file_of(key, scope)
    _mend(engine, request, key, file)
    wanted = Purchase(
        engine=engine.name,
        model=engine.model,
        key=key,
        purpose=request.purpose,
        most=most_usage(engine, request),
        timeout=request.timeout,
        ask=partial(_drawn, engine, request, file, watch),
        read=_read,
        scope=scope,
    )
    try:
        got = buy(wanted, budget=budget, price=lambda: price_list(engine), wait=wait)
    except EngineError as error:
        if error.code == "cancelled" and error.__cause__ is not None:
            raise error.__cause__ from None
        raise
    return PaidPicture(
        got.answer.picture, got.cost_micro, got.currency, kept=got.kept, own=got.own, key=key
    )


def _drawn(engine: Images, request: PictureRequest, name: str, watch: Watch | None) -> _Kept:
    return _kept_beside(engine.draw(request, watch), name)


def _file_of(key: str, scope: str) -> str:
    return f"{folder_of(scope)}/pictures/{key[:2]}/{key}.png"


def _kept_beside(picture: PictureAnswer, name: str) -> _Kept:
    """The bytes on disk before the receipt says so."""
    if default_storage.exists(name):
        default_storage.delete(name)
    return _Kept(picture, default_storage.save(name, ContentFile(picture.png)))


def _read(told: Mapping[str, Any]) -> _Kept:
    try:
        with default_storage.open(str(told["file"])) as file:
            data = file.read()
    except OSError as error:
        raise EngineError(
            _("This picture was paid for before and its file is gone; choose another seed."),
            code="picture_lost",
            permanent=True,
            billed=Billed.SURELY,
        ) from error
    return _Kept(
        PictureAnswer(
            png=data,
            **{name: told[name] for name in (
                "width", "height", "seed", "model", "request_id", "fresh", "input_tokens",
                "output_tokens", "reported",
            )},
        ),
        str(told["file"]),
    )  # fmt: skip


def _mend(engine: Images, request: PictureRequest, key: str, file: str) -> None:
    """Settle a call in doubt whose picture is found after all; free one that cost nothing."""
    row = PaidCall.objects.filter(key=key, state=PaidCall.State.IN_DOUBT).first()
    if row is None:
        return
    found = _found(engine, request, file)
    if found is None:
        ledger.forget_free(row)
        return
    prices = price_list(engine)
    held = ledger.Claim(row.pk, row.attempt, row.budget_id, row.reserved_micro, 0.0)
    with contextlib.suppress(ledger.LostCall):
        ledger.settle(held, cost_micro=prices.cost(found.usage), usage=found.usage, answer=found)


def _found(engine: Images, request: PictureRequest, name: str) -> _Kept | None:
    with contextlib.suppress(EngineError):
        picture = engine.recover(request)
        if picture is not None:
            return _kept_beside(picture, name)
    if not default_storage.exists(name):
        return None
    with default_storage.open(name) as file, contextlib.suppress(BadPicture):
        clean = clean_picture(file.read())
        answer = PictureAnswer(
            clean.png, clean.width, clean.height, request.seed, engine.model,
            reported={"found": "kept file"},
        )  # fmt: skip
        return _Kept(answer, name)
    return None


@dataclass(frozen=True, slots=True)
class Quote:
    """What pictures may cost: about, and at most, in micro-units."""

    pictures: int
    about_micro: int
    most_micro: int
    currency: str
    price: str = field(default="")


def picture_quote(engine: Images, requests: int, *, references: int = 0) -> Quote:
    """Before anything is asked. Raises `engines.pricing.NoPrice`."""
    prices = price_list(engine)
    sample = PictureRequest(prompt="x" * 2_000)
    most = most_usage(engine, sample)
    most_in = most.input_tokens + min(references, engine.most_references) * MOST_REFERENCE_TOKENS
    each = prices.cost(Usage(most_in, most.output_tokens, pictures=1))
    about = prices.cost(Usage(600, 1_500, pictures=1))
    return Quote(requests, about * requests, each * requests, prices.currency, prices.label)
