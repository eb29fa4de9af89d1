"""Messages to people as jobs: claimed when due, sent once, tried again where nothing left the house.

A message is never sent twice: what may have left (its worker died, the line broke after the sending
began) is not repeated but shown as in doubt.
"""

import smtplib
from datetime import timedelta
from typing import TypeVar

from django.core.mail import EmailMessage, get_connection
from django.utils import timezone

from crm.models import Job
from crm.services.job_rows import job_again, job_claim, job_end

Notice = TypeVar("Notice", bound=Job)

STALE_AFTER = timedelta(minutes=5)
FIRST_PAUSE = timedelta(minutes=1)


def notice_claim(model: type[Notice], pk: int) -> Notice | None:
    """Take a waiting notice; None where it is not waiting, or not yet due."""
    return job_claim(model, pk, due=True)


def notice_end(notice: Job, state: str, *, code: str = "", error: str = "") -> None:
    """End it, if it is still this worker's."""
    job_end(notice, state, code=code, error=error[:500])


def notice_again(notice: Job, *, code: str, error: str) -> None:
    """Wait for another try, a minute, then two, then four; after the last it is given up."""
    if notice.tries >= Job.MAX_TRIES:
        notice_end(notice, Job.State.DEAD, code=code, error=error)
        return
    pause = FIRST_PAUSE * 2 ** (notice.tries - 1)
    job_again(notice, pause=pause, code=code, error=error[:500])


def notice_mail(notice: Job, *, subject: str, body: str, address: str) -> None:
    """Send it by e-mail and end it as the mail server has taken it."""
    notice_send(notice, EmailMessage(subject, body, None, [address]))


def notice_send(notice: Job, message: EmailMessage) -> None:
    """Hand it to the mail server, and end it as that has taken it.

    Until the server was reached, and where it says "later" (4xx), nothing has left: tried again. A
    line that breaks after that may have carried it.
    """
    line = get_connection()
    try:
        line.open()
        if server := getattr(line, "connection", None):
            server.ehlo_or_helo_if_needed()
    except (smtplib.SMTPException, OSError) as error:
        notice_again(notice, code="unreachable", error=repr(error))
        return
    message.connection = line
    try:
        message.send()
    except smtplib.SMTPException as error:
        codes = _codes(error)
        if codes and all(400 <= code < 500 for code in codes):
            notice_again(notice, code="deferred", error=repr(error))
        elif codes and all(code >= 500 for code in codes):
            notice_end(notice, Job.State.FAILED, code="refused", error=repr(error))
        else:
            notice_end(notice, Job.State.FAILED, code="in_doubt", error=repr(error))
    except OSError as error:
        notice_end(notice, Job.State.FAILED, code="in_doubt", error=repr(error))
    else:
        notice_end(notice, Job.State.DONE)
    finally:
        line.close()


def _codes(error: smtplib.SMTPException) -> list[int]:
    """What the server answered, one code for each recipient that it spoke of; none where it fell silent."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return [code for code, _words in error.recipients.values()]
    if isinstance(error, smtplib.SMTPResponseException):
        return [error.smtp_code] if error.smtp_code > 0 else []
    return []


def notices_due(model: type[Notice]) -> list[int]:
    """Give up on those whose worker died while sending; returns the ids that wait and are due."""
    now = timezone.now()
    rows = model._default_manager
    rows.filter(state=Job.State.RUNNING, heartbeat_at__lt=now - STALE_AFTER).update(
        state=Job.State.DEAD,
        error_code="in_doubt",
        error="The worker died while sending; it may have arrived and is not repeated.",
        ended_at=now,
    )
    waiting = rows.filter(state=Job.State.QUEUED, queued_at__lte=now).order_by("queued_at")
    return list(waiting.values_list("pk", flat=True)[:100])
