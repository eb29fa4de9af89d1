"""Payments in by signed notice: a provider is one module here.

A module has `NAME`, `HEADERS` (which request headers belong to the signature and are kept),
`configured()`, `verify(headers, body, now) -> Event` and `answer(status, code) -> Answer`, the
body that this provider wants to read. `verify` checks the signature with a maintained library and
then what libraries leave to us: that the notice is fresh in both directions, signed with the key
we pinned, for our account, of a status at which money has moved. It never calls out. It raises
`Refusal`; a request that is no notice of this provider at all may also raise ValueError, KeyError
or TypeError while it is read, which the caller answers with 400.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from crm.webhooks import alipay, practice, stripe, wechat
from crm.webhooks.events import Answer, Event, Refusal

__all__ = ["PROVIDERS", "Answer", "Event", "Provider", "Refusal"]


class Provider(Protocol):
    """What a module of this folder is."""

    NAME: str
    HEADERS: tuple[str, ...]

    def configured(self) -> bool: ...

    def verify(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Event: ...

    def answer(self, status: int, code: str) -> Answer: ...


_ALL: tuple[Provider, ...] = (stripe, wechat, alipay, practice)
PROVIDERS: dict[str, Provider] = {provider.NAME: provider for provider in _ALL}
