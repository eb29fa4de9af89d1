"""The built-in test provider: a page on this machine where nothing is paid.

The page lies in the portal (`portal:practice`), so an order leads there without a call; its refunds
are notices that `crm.services.practice` signs and delivers.
"""

from django.conf import settings
from django.urls import reverse

from crm.checkout import Ask, Back, Handoff

NAME = "test"


def configured() -> bool:
    return bool(settings.PAYMENTS["test"]["secret"])


def takes(currency: str) -> bool:
    return True


def begin(ask: Ask) -> Handoff:
    return Handoff("redirect", reverse("portal:practice", args=[ask.number]))


def refund(back: Back) -> str:
    """The notice of the refund is owed by the service that asked; it carries our number."""
    return back.number
