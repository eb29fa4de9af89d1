"""Notices to creators as they leave the house: an e-mail, or a signed message to their own program."""

import json

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from crm.models import Creator, CreatorNotice, Job, NoticeDelivery
from crm.notice_reads import Kind, hook_of, wants
from crm.notice_words import facts_of, words_of
from crm.services.invitations import may_contact
from crm.services.notice_choices import unsubscribe_token
from crm.services.notices import notice_again, notice_claim, notice_end, notice_send, notices_due
from engines.webhooks import WebhookError, post_outside

# About research rather than about their own work: who wants no contact gets no e-mail of it.
ABOUT_RESEARCH = frozenset({Kind.ANSWER, Kind.QUOTE, Kind.SLOT})


def notice_deliveries_due() -> list[int]:
    return notices_due(NoticeDelivery)


def notice_deliver(delivery_id: int) -> str:
    """Send one notice by one way, if it waits and is still wanted; returns the state it left it in."""
    row = notice_claim(NoticeDelivery, delivery_id)
    if row is None:
        return "not waiting"
    notice = CreatorNotice.objects.select_related("creator__user").get(pk=row.notice_id)
    if not wants(notice.creator, notice.kind, row.channel):
        notice_end(row, Job.State.DONE, code="turned_off")
    elif row.channel == NoticeDelivery.Channel.EMAIL:
        _mail(row, notice)
    else:
        _post(row, notice)
    row.refresh_from_db()
    return row.state


def unsubscribe_link(creator: Creator, kind: str) -> str:
    return str(settings.SITE_URL) + reverse("unsubscribe", args=[unsubscribe_token(creator, kind)])


def unsubscribe_headers(creator: Creator, kind: str) -> dict[str, str]:
    """RFC 8058: the mail program's own button turns this kind off by one POST, without a login."""
    return {
        "List-Unsubscribe": f"<{unsubscribe_link(creator, kind)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def unsubscribe_words(creator: Creator, kind: str) -> str:
    """The foot of an e-mail, in the language that is active."""
    return "—\n" + _("No more e-mail of this kind: %(link)s") % {
        "link": unsubscribe_link(creator, kind)
    }


def _mail(row: NoticeDelivery, notice: CreatorNotice) -> None:
    creator = notice.creator
    address = creator.user.email if creator.user and creator.user.is_active else ""
    if notice.seen_at is not None:
        notice_end(row, Job.State.DONE, code="read_already")
        return
    if not address or (notice.kind in ABOUT_RESEARCH and not may_contact(creator)):
        notice_end(row, Job.State.DONE, code="portal_only")
        return
    with override(creator.language):
        title, text = words_of(notice)
        parts = [
            _("Hello %(name)s,") % {"name": creator.name},
            title if not text else f"{title}\n{text}",
            str(settings.SITE_URL) + notice.path if notice.path else "",
            unsubscribe_words(creator, notice.kind),
        ]
        headers = unsubscribe_headers(creator, notice.kind)
        body = "\n\n".join(part for part in parts if part)
        message = EmailMessage(_one_line(title), body, None, [address], headers=headers)
    notice_send(row, message)


def _one_line(text: str) -> str:
    return " ".join(text.split())[:200]


def _post(row: NoticeDelivery, notice: CreatorNotice) -> None:
    """Tried again also where it may have arrived: every try carries the same delivery id."""
    hook = hook_of(notice.creator)
    if hook is None:
        notice_end(row, Job.State.DONE, code="turned_off")
        return
    try:
        post_outside(
            hook.url, body_of(row, notice), secret=hook.secret, delivery=str(row.uid),
            anywhere=settings.NOTICE_HOOKS_ANYWHERE,
        )  # fmt: skip
    except WebhookError as error:
        if error.permanent:
            notice_end(row, Job.State.FAILED, code="refused", error=str(error))
        else:
            notice_again(row, code="unreachable", error=str(error))
    else:
        notice_end(row, Job.State.DONE)


def body_of(row: NoticeDelivery, notice: CreatorNotice) -> bytes:
    """The JSON that is posted; its form is described on the creator's page of notices."""
    with override(notice.creator.language):
        title, text = words_of(notice)
        facts = facts_of(notice)
    document = {
        "id": str(row.uid),
        "kind": notice.kind,
        "at": notice.at.isoformat(),
        "title": title,
        "text": text,
        "url": str(settings.SITE_URL) + notice.path if notice.path else "",
        "facts": facts,
    }
    return json.dumps(document, ensure_ascii=False).encode()
