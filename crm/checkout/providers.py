"""Every way to pay, and those that are set up here."""

from crm.checkout import Checkout, alipay, practice, stripe, wechat

_ALL: tuple[Checkout, ...] = (wechat, alipay, stripe, practice)
CHECKOUTS: dict[str, Checkout] = {item.NAME: item for item in _ALL}


def providers_for(currency: str) -> list[Checkout]:
    """The ways to pay a currency on this installation, in the order they are offered."""
    return [item for item in _ALL if item.configured() and item.takes(currency)]
