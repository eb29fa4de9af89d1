"""Who can be asked for a list of a period."""

from crm.listing import Lister, stripe

LISTERS: dict[str, Lister] = {stripe.NAME: stripe}


def listers_ready() -> list[str]:
    """Providers whose keys are set."""
    return [name for name, lister in LISTERS.items() if lister.configured()]
