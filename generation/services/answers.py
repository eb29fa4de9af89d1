"""You said, we did: an answer on a feature, told to everybody whose words it rests on."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from crm import audit
from crm.exceptions import DomainError
from crm.models import Creator, CreatorNotice, User
from crm.notice_reads import Channel, wants
from crm.services.creator_notices import creators_tell, notices_read
from crm.services.invitations import may_contact
from crm.services.notice_choices import notice_choose
from crm.services.notice_deliveries import unsubscribe_headers, unsubscribe_words
from crm.services.notices import notice_claim, notice_end, notice_send, notices_due
from generation.features.said_and_done import voices
from generation.models import AnswerNotice, Feature, FeatureAnswer, Job

KIND = CreatorNotice.Kind.ANSWER


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
    creators_tell(
        creators=told,
        kind=KIND,
        key=f"answer:{answer.pk}",
        path=reverse("portal:answers"),
        facts={
            "feature": [feature.title_zh, feature.title_en],
            "declined": kind == FeatureAnswer.Kind.DECLINED,
        },
        mailed=True,
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
    if not address or not may_contact(creator) or not wants(creator, KIND, Channel.EMAIL):
        notice_end(notice, Job.State.DONE, code="portal_only")
    else:
        _mail(notice, creator, address)
    notice.refresh_from_db()
    return notice.state


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
                unsubscribe_words(creator, KIND),
            )
        )
    headers = unsubscribe_headers(creator, KIND)
    notice_send(notice, EmailMessage(subject, body, None, [address], headers=headers))


def answers_seen(*, creator: Creator) -> int:
    """The creator has looked at their answers; returns how many were new."""
    notices_read(creator=creator, kind=KIND, path=reverse("portal:answers"))
    return AnswerNotice.objects.filter(creator=creator, seen_at__isnull=True).update(
        seen_at=timezone.now()
    )


@transaction.atomic
def answer_mail_choose(*, creator: Creator, wanted: bool, actor: User | None = None) -> None:
    """Whether the creator wants answers by e-mail too."""
    notice_choose(creator=creator, kind=KIND, channel=Channel.EMAIL, wanted=wanted, actor=actor)
