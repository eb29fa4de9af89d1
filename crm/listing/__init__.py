"""A provider's own list of a period, asked for by its API: what the ledger is held against.

A provider is one module with `configured()` and `movements(since, until, progress) -> bytes`: the
list as the table that the provider's own export has, so that one reader knows both. Only Stripe has
such a list for an interval; WeChat Pay and Alipay offer a day's bill as a file, which is uploaded.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

Progress = Callable[[int], None]
"""Told how many rows have come."""


class ListError(Exception):
    """The list could not be had; `permanent` where asking again would not help."""

    def __init__(self, message: str, *, permanent: bool) -> None:
        super().__init__(message)
        self.permanent = permanent


class Lister(Protocol):
    """What a module of this folder is."""

    def configured(self) -> bool: ...

    def movements(self, since: datetime, until: datetime, progress: Progress) -> bytes: ...
