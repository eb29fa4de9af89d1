"""The test provider's other half: what was pressed on its page becomes a signed notice, delivered.

The notice is a row first, in the transaction of the press; a worker sends it to our own endpoint
over HTTP like any provider would, and again until it is taken.
"""

import http.client
import json
from datetime import timedelta
from urllib.parse import urlsplit

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import audit
from crm.checkout import Back, practice
from crm.exceptions import DomainError
from crm.models import PlanOrder, PracticeNotice, User
from crm.plan_reads import order_ledger
from crm.webhooks.practice import sign

MAX_TRIES = 10
AGAIN_AFTER = timedelta(seconds=10)
TIMEOUT_SECONDS = 5


@transaction.atomic
def practice_pay(*, order: PlanOrder, base_url: str, actor: User | None) -> PracticeNotice:
    """“Pay” was pressed on the test page: owe our endpoint the notice of a charge.

    Pressed twice it is one notice. Raises `DomainError` where the order is closed or the test
    provider is not for this installation.
    """
    if not practice.configured() or order.payment.provider != practice.NAME:
        raise DomainError(_("The test provider is not switched on here."), "no_practice")
    known = PracticeNotice.objects.filter(key=f"charge:{order.payment.number}").first()
    if known is not None:
        return known
    if not order.is_open() or order_ledger(order) is not None:
        raise DomainError(_("This order can no longer be paid; order again."), "order_closed")
    payment = order.payment
    notice, made = PracticeNotice.objects.get_or_create(
        key=f"charge:{payment.number}",
        defaults={
            "order": order,
            "url": base_url + reverse("webhook", args=[practice.NAME]),
            "said": {
                "kind": "charge",
                "object": f"test-{payment.number}",
                "order": payment.number,
                "minor": payment.minor,
                "currency": payment.currency,
                "at": int(timezone.now().timestamp()),
                "payer": order.creator.name[:160],
                "subject": payment.subject,
            },
        },
    )
    if made:
        audit.record("plan.practice_paid", order, actor=actor)
    return notice


def practice_owe_refund(*, order: PlanOrder, back: Back) -> PracticeNotice:
    """Owe the notice of a refund, to where the charge's notice went."""
    charge = PracticeNotice.objects.filter(key=f"charge:{order.payment.number}").first()
    notice, _made = PracticeNotice.objects.get_or_create(
        key=f"refund:{back.number}",
        defaults={
            "order": order,
            "url": charge.url if charge else back.notify_url,
            "said": {
                "kind": "refund",
                "object": back.number,
                "order": back.order,
                "minor": back.minor,
                "currency": back.currency,
                "at": int(timezone.now().timestamp()),
                "refund_of": back.charge,
                "payer": order.creator.name[:160],
                "subject": order.payment.subject,
            },
        },
    )
    return notice


def body_of(notice: PracticeNotice) -> bytes:
    said = {"id": notice.key, "merchant": "test", **notice.said}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def practice_deliver(notice_id: int) -> str:
    """Send a notice that is not taken yet; returns what became of it. May be called twice."""
    notice = PracticeNotice.objects.filter(pk=notice_id, taken_at__isnull=True).first()
    if notice is None or notice.tries >= MAX_TRIES or not practice.configured():
        return "not_waiting"
    PracticeNotice.objects.filter(pk=notice.pk).update(tries=notice.tries + 1)
    body = body_of(notice)
    try:
        status = _post(notice.url, body, sign(body, timezone.now()))
    except OSError as error:
        PracticeNotice.objects.filter(pk=notice.pk).update(answer=type(error).__name__[:120])
        return "unreachable"
    now = timezone.now()
    taken = {"taken_at": now} if status == 200 else {}
    PracticeNotice.objects.filter(pk=notice.pk).update(answer=str(status), **taken)
    return "taken" if taken else "refused"


def _post(url: str, body: bytes, headers: dict[str, str]) -> int:
    """The status of a POST to an address of this machine."""
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "127.0.0.1", parts.port, timeout=TIMEOUT_SECONDS)
    try:
        connection.request(
            "POST", parts.path, body, {"Content-Type": "application/json", **headers}
        )
        return connection.getresponse().status
    finally:
        connection.close()


def practice_sweep() -> list[int]:
    """Notices that nobody has taken for a while."""
    waiting = PracticeNotice.objects.filter(
        taken_at__isnull=True, tries__lt=MAX_TRIES, at__lte=timezone.now() - AGAIN_AFTER
    )
    return list(waiting.order_by("pk").values_list("pk", flat=True)[:100])
