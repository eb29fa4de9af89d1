"""The ways to pay for an order: a provider is one module here, behind one protocol.

`begin` asks the provider for a place to pay and gives back an address to go to or a code to scan;
`refund` asks for money back. Neither says that money has moved: only the provider's signed notice
does (`crm.webhooks`). Both may call out, so they run outside any transaction.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol


@dataclass(frozen=True)
class Ask:
    """What is to be paid. `number` is ours and comes back in the notice; `minor` of `currency`."""

    number: str
    minor: int
    currency: str
    subject: str
    return_url: str
    notify_url: str
    expires_at: datetime


@dataclass(frozen=True)
class Back:
    """What is to be given back of a charge: `charge` is the provider's name, `number` ours."""

    number: str
    order: str
    charge: str
    minor: int
    charged_minor: int
    currency: str
    reason: str
    notify_url: str


@dataclass(frozen=True)
class Handoff:
    """Where the creator pays: an address to go to, or a text to be shown as a QR code."""

    kind: Literal["redirect", "qr"]
    url: str


class CheckoutError(Exception):
    """The provider did not take it. `permanent`: trying the same again will not help."""

    def __init__(self, message: str, *, permanent: bool) -> None:
        super().__init__(message)
        self.permanent = permanent


class Checkout(Protocol):
    NAME: str

    def configured(self) -> bool: ...

    def takes(self, currency: str) -> bool: ...

    def begin(self, ask: Ask) -> Handoff: ...

    def refund(self, back: Back) -> str:
        """The provider's own name for the refund, empty where it repeats ours."""
        ...
