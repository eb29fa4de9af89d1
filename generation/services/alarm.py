"""The alarm evaluated and told: a change is a row, each telling of it a job, none is told twice."""

import json
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from crm import audit
from crm.exceptions import DomainError
from crm.models import User
from crm.services.notices import (
    notice_again,
    notice_claim,
    notice_end,
    notice_mail,
    notices_due,
)
from engines.webhooks import WebhookError, post_signed
from generation.features.alarm.evaluation import SEED, document, evaluate
from generation.features.alarm.market import Judgement
from generation.features.alarm.reading import policy
from generation.features.alarm.wording import Said
from generation.models import AlarmChange, AlarmNotice, AlarmPolicy, Feature, Job

# Tables whose rows the alarm reads: when none of them was written to, nothing can have changed.
READ = (
    "crm_creator", "crm_payment", "crm_tierchange", "crm_tooluse",
    "generation_feature", "generation_featureuse", "generation_justification", "generation_relief",
    "insights_asked", "insights_evidence", "insights_need", "insights_painpoint",
    "crm_consent", "crm_interview",
)  # fmt: skip


def data_mark() -> str:
    """Changes whenever a table that the alarm reads was written to, by whatever route.

    PostgreSQL counts rows written by table; after a crash it may begin anew, which only means one
    evaluation too many.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) FROM pg_stat_user_tables"
            " WHERE relname = ANY(%s)",
            [list(READ)],
        )
        (written,) = cursor.fetchone()
    return str(written)


def alarm_check(
    *, force: bool = False, seed: int = SEED, at: datetime | None = None
) -> AlarmChange | None:
    """Evaluate where the data changed (or `force`); returns the change of outcome, if there is one."""
    mark = f"{data_mark()}:{settings_mark(policy())}"
    if not force and policy().checked_mark == mark:
        return None
    said = evaluate(seed=seed, at=at)
    return _keep(said, mark=mark, seed=seed)


def settings_mark(row: AlarmPolicy) -> str:
    return ":".join(
        str(getattr(row, name))
        for name in (
            "rank", "coverage", "loved", "minimum_n", "months", "paying_days", "own_tool_id",
        )
    )  # fmt: skip


@transaction.atomic
def _keep(said: Said, *, mark: str, seed: int) -> AlarmChange | None:
    AlarmPolicy.objects.get_or_create(pk=1)
    row = AlarmPolicy.objects.select_for_update().get(pk=1)
    before = AlarmChange.objects.first()
    AlarmPolicy.objects.filter(pk=1).update(
        checked_at=timezone.now(), checked_mark=mark[:64], current=current_document(said)
    )
    judgement = said.judgement
    if before is not None and _outcome(before) == _outcome_of(judgement):
        return None
    change = AlarmChange.objects.create(
        state=judgement.state,
        reason=judgement.reason,
        pain=said.pain,
        tier=judgement.tier or "",
        probability=judgement.probability,
        coverage=judgement.coverage.value if judgement.coverage else None,
        sentence_zh=said.chinese,
        sentence_en=said.english,
        document=document(said),
        seed=seed,
        at=timezone.now(),
    )
    audit.record(
        "alarm.changed",
        change,
        data={"state": change.state, "reason": change.reason, "pain": change.pain_id},
    )
    if change.fires or (before is not None and before.fires):
        _tell(change, row, judgement.pain or (before.pain_id if before else None))
    return change


def _outcome(change: AlarmChange) -> tuple[str, str, int | None, str]:
    named = change.fires
    return (
        change.state, change.reason, change.pain_id if named else None, change.tier if named else "",
    )  # fmt: skip


def _outcome_of(judgement: Judgement) -> tuple[str, str, int | None, str]:
    named = judgement.fires
    return (
        judgement.state, judgement.reason, judgement.pain if named else None,
        (judgement.tier or "") if named else "",
    )  # fmt: skip


def current_document(said: Said) -> dict[str, Any]:
    """The evaluation as the page shows it: the command's document and every need with its factors."""
    judgement = said.judgement
    return {
        **document(said),
        "state": judgement.state,
        "code": judgement.reason,
        "pain": judgement.pain,
        "sentence_zh": said.chinese,
        "sentence_en": said.english,
        "gaps": [[gap.code, gap.have, gap.need] for gap in judgement.gaps],
        "needs": [
            {
                "pain": need.pain,
                "tier": need.tier,
                "raised": round((need.prevalence.value or 0) * need.prevalence.n),
                "asked": need.prevalence.n,
                "low": need.prevalence.low,
                "important": need.important.value,
                "rated": need.important.n,
                "satisfied": need.satisfied.value,
                "wallet": need.wallet.value,
                "value": need.value,
                "first": need.first,
                "first_in_tier": need.first_in_tier,
            }
            for need in judgement.needs
            if need.prevalence.n
        ],
    }


def _tell(change: AlarmChange, row: AlarmPolicy, pain: int | None) -> None:
    """A job for each address: listeners, owners of features that rest on the pain, the webhook."""
    people = {user.pk: user for user in row.listeners.filter(is_active=True)}
    if row.tell_owners and pain is not None:
        owned = Feature.objects.filter(justifications__pain_id=pain, owner__is_active=True)
        people |= {
            item.owner.pk: item.owner for item in owned.select_related("owner") if item.owner
        }
    notices = [
        AlarmNotice(change=change, channel=AlarmNotice.Channel.EMAIL, address=user.email, user=user)
        for user in people.values()
        if user.email
    ]
    if row.webhook:
        notices.append(
            AlarmNotice(
                change=change, channel=AlarmNotice.Channel.WEBHOOK, address=row.webhook[:254]
            )
        )
    once = {(item.channel, item.address): item for item in notices}
    AlarmNotice.objects.bulk_create(once.values(), ignore_conflicts=True)


def alarm_notices_due() -> list[int]:
    return notices_due(AlarmNotice)


def alarm_notice_deliver(notice_id: int) -> str:
    """Send one notice; returns its state. May be called twice without harm."""
    notice = notice_claim(AlarmNotice, notice_id)
    if notice is None:
        return "not waiting"
    change = AlarmChange.objects.select_related("pain").get(pk=notice.change_id)
    if notice.channel == AlarmNotice.Channel.EMAIL:
        _send_mail(notice, change)
    else:
        _send_webhook(notice, change)
    notice.refresh_from_db()
    return notice.state


def _send_mail(notice: AlarmNotice, change: AlarmChange) -> None:
    with override("zh-hans"):
        subject = _("Alarm: %(state)s") % {"state": change.get_state_display()}
    link = settings.SITE_URL + reverse("admin:generation_alarm")
    body = f"{change.sentence_zh}\n\n{change.sentence_en}\n\n{link}\n"
    notice_mail(notice, subject=subject, body=body, address=notice.address)


def _send_webhook(notice: AlarmNotice, change: AlarmChange) -> None:
    body = json.dumps(
        {"event": "alarm.changed", "id": change.pk, "at": change.at.isoformat(),
         "state": change.state, "sentence_zh": change.sentence_zh,
         "sentence_en": change.sentence_en, **change.document},
        ensure_ascii=False,
    ).encode()  # fmt: skip
    try:
        post_signed(
            notice.address,
            body,
            secret=policy().webhook_secret,
            delivery=f"alarm-{notice.pk}",
            allowed=settings.ALARM_WEBHOOKS,
        )
    except WebhookError as error:
        if error.permanent:
            notice_end(notice, Job.State.FAILED, code="refused", error=str(error))
        elif error.in_doubt:
            notice_end(notice, Job.State.FAILED, code="in_doubt", error=str(error))
        else:
            notice_again(notice, code="unreachable", error=str(error))
    else:
        notice_end(notice, Job.State.DONE)


def webhook_check(address: str, secret: str) -> None:
    """Raises `DomainError` for an address that the installation does not allow, or without secret."""
    if not address:
        return
    if address not in settings.ALARM_WEBHOOKS:
        raise DomainError(
            _("This address is not allowed: list it in ALARM_WEBHOOKS of the installation."),
            code="webhook_not_allowed",
        )
    if not secret:
        raise DomainError(_("A webhook needs a secret that signs its messages."), code="no_secret")


@transaction.atomic
def alarm_settings_saved(*, row: AlarmPolicy, actor: User | None, changed: list[str]) -> None:
    """Keep the settings. Raises `DomainError` as `webhook_check` does."""
    webhook_check(row.webhook, row.webhook_secret)
    row.save()
    values = {
        name: str(getattr(row, name))
        for name in changed
        if hasattr(row, name) and name not in ("webhook_secret", "listeners")
    }
    audit.record("alarm.settings", row, actor=actor, data={"changed": changed, "values": values})
