"""Which notices a creator wants by which way, and the address of their own program."""

import secrets
from collections.abc import Collection

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _

from crm import audit
from crm.exceptions import DomainError
from crm.models import Creator, CreatorNotice, NoticeChoice, NoticeHook, User
from crm.notice_reads import CHANNELS, CHOSEN, OFF, Channel
from crm.services.creator_notices import creator_tell
from engines.webhooks import WebhookError, outside_address

SALT = "crm.notice-mail"
LONGEST = 500


@transaction.atomic
def notice_choose(
    *, creator: Creator, kind: str, channel: str, wanted: bool, actor: User | None = None
) -> None:
    """Turn one kind of notice on or off by one way."""
    if wanted == ((kind, channel) not in OFF):
        NoticeChoice.objects.filter(creator=creator, kind=kind, channel=channel).delete()
    else:
        NoticeChoice.objects.update_or_create(
            creator=creator, kind=kind, channel=channel, defaults={"wanted": wanted}
        )
    audit.record(
        "notices.choice", creator, actor=actor,
        data={"kind": kind, "channel": channel, "wanted": wanted},
    )  # fmt: skip


@transaction.atomic
def notices_choose(
    *, creator: Creator, wanted: Collection[tuple[str, str]], actor: User | None = None
) -> None:
    """Keep a whole page of choices: `wanted` are the (kind, channel) that are on, all others off."""
    pairs = [(kind.value, way.value) for kind in CHOSEN for way in CHANNELS]
    NoticeChoice.objects.filter(creator=creator).delete()
    NoticeChoice.objects.bulk_create(
        NoticeChoice(creator=creator, kind=kind, channel=way, wanted=(kind, way) in wanted)
        for kind, way in pairs
        if ((kind, way) in wanted) != ((kind, way) not in OFF)
    )
    off = sorted(f"{kind}:{way}" for kind, way in pairs if (kind, way) not in wanted)
    audit.record("notices.choices", creator, actor=actor, data={"off": off})


@transaction.atomic
def notice_hook_set(*, creator: Creator, url: str, actor: User | None = None) -> NoticeHook | None:
    """Keep the address that notices are posted to; an empty one turns it off. A new address gets a
    new secret. Raises `DomainError` for an address that would not be called."""
    url = url.strip()
    if not url:
        if NoticeHook.objects.filter(creator=creator).delete()[0]:
            audit.record("notices.hook_removed", creator, actor=actor)
        return None
    if len(url) > LONGEST:
        raise DomainError(_("At most %(n)s characters.") % {"n": LONGEST}, "too_long")
    try:
        outside_address(url, anywhere=settings.NOTICE_HOOKS_ANYWHERE)
    except WebhookError as error:
        raise DomainError(
            _(
                "This address cannot be called. It has to begin with https:// and to name a public "
                "host, without a user name in it."
            ),
            "bad_address",
        ) from error
    known = NoticeHook.objects.filter(creator=creator).first()
    if known is not None and known.url == url:
        return known
    row, _new = NoticeHook.objects.update_or_create(
        creator=creator, defaults={"url": url, "secret": secrets.token_urlsafe(32)}
    )
    audit.record("notices.hook_set", creator, actor=actor)
    return row


def notice_hook_test(*, creator: Creator) -> bool:
    """Send a test message to the creator's own program; False where no address is set."""
    if not NoticeHook.objects.filter(creator=creator).exists():
        return False
    creator_tell(creator=creator, kind=CreatorNotice.Kind.TEST, key=f"test:{secrets.token_hex(8)}")
    return True


def unsubscribe_token(creator: Creator, kind: str) -> str:
    """What stands in an e-mail's link: whose and which, signed, so that nobody turns off another's."""
    return signing.Signer(salt=SALT).sign_object([creator.pk, kind])


def unsubscribe_of(token: str) -> tuple[Creator, str] | None:
    """The creator and the kind of notice behind a link; None where it is not one of ours."""
    try:
        pk, kind = signing.Signer(salt=SALT).unsign_object(token)
    except signing.BadSignature:
        return None
    creator = Creator.objects.filter(pk=pk, user__is_active=True).first()
    return (creator, kind) if creator is not None and kind in CHOSEN else None


@transaction.atomic
def unsubscribe(*, creator: Creator, kind: str, everything: bool = False) -> None:
    """No more e-mail of this kind, or none of any kind; nobody has to sign in for it."""
    for one in CHOSEN if everything else (kind,):
        notice_choose(creator=creator, kind=one, channel=Channel.EMAIL, wanted=False)
