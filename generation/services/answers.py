"""You said, we did: an answer on a feature, told to everybody whose words it rests on."""

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from crm import audit
from crm.exceptions import DomainError
from crm.models import Consent, Creator, User
from crm.services.notices import notice_claim, notice_end, notice_mail, notices_due
from generation.features.said_and_done import voices
from generation.models import AnswerNotice, AnswerOptOut, Feature, FeatureAnswer, Job


@transaction.atomic
def feature_answer(
    *, feature: Feature, kind: str, text_zh: str, text_en: str = "", actor: User
) -> FeatureAnswer:
    """Answer the creators whose words the feature rests on. Raises `DomainError` where it says nothing.

    "Shipped" may be said only of what is live: nobody is told of what is not there.
    """
    if not text_zh.strip():
        raise DomainError(_("Write what the creators are to read."), code="empty")
    if kind not in FeatureAnswer.Kind.values:
        raise DomainError(_("Choose one of the answers."), code="kind")
    released = (Feature.Status.LIVE, Feature.Status.WATCHED)
    if kind == FeatureAnswer.Kind.SHIPPED and feature.status not in released:
        raise DomainError(
            _("This feature is not live yet, so it has not shipped."), code="not_live"
        )
    answer = FeatureAnswer.objects.create(
        feature=feature, kind=kind, text_zh=text_zh.strip(), text_en=text_en.strip(), by=actor
    )
    told = voices(feature)
    AnswerNotice.objects.bulk_create(
        [AnswerNotice(answer=answer, creator_id=creator) for creator in told], batch_size=1000
    )
    audit.record("feature.answered", feature, actor=actor, data={"kind": kind, "told": len(told)})
    return answer


def answer_notices_due() -> list[int]:
    return notices_due(AnswerNotice)


def answer_notice_deliver(notice_id: int) -> str:
    """Send one answer by e-mail, where the creator wants and may be written to; returns its state."""
    notice = notice_claim(AnswerNotice, notice_id)
    if notice is None:
        return "not waiting"
    creator = Creator.objects.select_related("user").get(pk=notice.creator_id)
    address = creator.user.email if creator.user and creator.user.is_active else ""
    if not address or not _may_write(creator):
        notice_end(notice, Job.State.DONE, code="portal_only")
    else:
        _mail(notice, creator, address)
    notice.refresh_from_db()
    return notice.state


def _may_write(creator: Creator) -> bool:
    """Neither opted out nor, as the last word on it, against being contacted."""
    if AnswerOptOut.objects.filter(creator=creator).exists():
        return False
    last = (
        Consent.objects.filter(creator=creator, purpose=Consent.Purpose.CONTACT)
        .order_by("at", "pk")
        .last()
    )
    return last is None or last.given


def _mail(notice: AnswerNotice, creator: Creator, address: str) -> None:
    answer = FeatureAnswer.objects.select_related("feature").get(pk=notice.answer_id)
    with override(creator.language):
        subject = _("You told us, and this came of it: %(feature)s") % {
            "feature": answer.feature.title
        }
        link = settings.SITE_URL + reverse("portal:answers")
        body = "\n\n".join(
            (
                f"{answer.get_kind_display()}: {answer.text}",
                _("Your own words and what came of them: %(link)s") % {"link": link},
                _("There you can also say that you want no such e-mail."),
            )
        )
    notice_mail(notice, subject=subject, body=body, address=address)


def answers_seen(*, creator: Creator) -> int:
    """The creator has looked at their answers; returns how many were new."""
    return AnswerNotice.objects.filter(creator=creator, seen_at__isnull=True).update(
        seen_at=timezone.now()
    )


@transaction.atomic
def answer_mail_choose(*, creator: Creator, wanted: bool, actor: User | None = None) -> None:
    """Whether the creator wants answers by e-mail too."""
    if wanted:
        AnswerOptOut.objects.filter(creator=creator).delete()
    else:
        AnswerOptOut.objects.get_or_create(creator=creator)
    audit.record("answers.mail", creator, actor=actor, data={"wanted": wanted})
