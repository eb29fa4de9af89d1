"""What creators are told: once, in the portal, by e-mail, by webhook, and only as they want it."""

import hashlib
import hmac
import json
import socket
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from pytest_django import Settings

from crm.exceptions import DomainError
from crm.models import (
    CreatorNotice,
    NoticeChoice,
    NoticeDelivery,
    NoticeHook,
    Plan,
    Slot,
    StudyMail,
)
from crm.notice_reads import CHANNELS, CHOSEN, unread_notices
from crm.notice_words import words_of
from crm.services.appointments import appointment_cancel, slot_book
from crm.services.creator_notices import creator_tell, creators_tell
from crm.services.incentives import incentive_promise, incentive_step
from crm.services.invitations import creators_invite
from crm.services.notice_choices import notice_choose, notice_hook_set, unsubscribe_token
from crm.services.notice_deliveries import notice_deliver, notice_deliveries_due
from crm.services.own_data import export_ask, export_execute
from crm.services.quotas import quota_take
from crm.services.study_mails import study_mail_deliver, study_mails_due
from engines import webhooks
from engines.webhooks import WebhookError, outside_address, post_outside, signature
from generation.models import FilmJob, PreviewLink, Run
from generation.services.film_jobs import film_execute
from generation.services.filming import wish_of
from generation.services.own_data import novel_delete
from generation.services.run_work import run_execute
from generation.services.work_notices import previews_tell
from insights.services.member_checks import quote_check
from insights.services.quote_notices import quotes_tell
from insights.services.voice import pain_report, report_decline
from tests.conftest import Person
from tests.factories.crm import StudyFactory, transcript_of
from tests.factories.generation import NovelFactory, RunFactory, finished_run
from tests.factories.insights import PainPointFactory, tag
from tests.receiver import Receiver, receiving

Kind = CreatorNotice.Kind


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    """A creator's own program on this machine, which only a setting lets the house call."""
    settings.NOTICE_HOOKS_ANYWHERE = True
    with receiving() as server:
        server.location = "/elsewhere"
        yield server


def address_of(receiver: Receiver) -> str:
    return f"http://localhost:{receiver.server_port}/pingju?from=house"


def tell(person: Person, key: str = "film:1", **more: Any) -> bool:
    facts = more.pop("facts", {"title": "雪夜"})
    return creator_tell(
        creator=person.as_creator, kind=Kind.FILM_READY, key=key, path="/studio/runs/1/",
        facts=facts, **more,
    )  # fmt: skip


def deliver() -> list[str]:
    return [notice_deliver(pk) for pk in notice_deliveries_due()]


def kinds(person: Person) -> list[str]:
    return list(
        CreatorNotice.objects.filter(creator=person.as_creator).values_list("kind", flat=True)
    )


def test_the_same_key_is_told_once_and_each_way_is_sent_once(alice: Person) -> None:
    assert [tell(alice), tell(alice)] == [True, False]

    due = notice_deliveries_due()
    states = [notice_deliver(pk) for pk in [*due, *due]]

    assert states == ["done", "not waiting"]
    assert [message.to for message in mail.outbox] == [[alice.user.email]]
    assert unread_notices(alice.as_creator) == 1


def test_who_has_no_login_is_told_nothing_and_nobody_elses_count_moves(
    alice: Person, charlie: Person
) -> None:
    without = NovelFactory().creator

    told = creators_tell(
        creators=[alice.as_creator.pk, without.pk], kind=Kind.EXPORT, key="x", facts={"days": 7}
    )

    assert told == 1
    assert unread_notices(charlie.as_creator) == 0
    assert not CreatorNotice.objects.filter(creator=without).exists()


@pytest.mark.parametrize("kind", CHOSEN)
@pytest.mark.parametrize("channel", CHANNELS)
def test_each_kind_can_be_turned_off_by_each_way(
    alice: Person, settings: Settings, kind: CreatorNotice.Kind, channel: NoticeChoice.Channel
) -> None:
    settings.NOTICE_HOOKS_ANYWHERE = True
    notice_hook_set(creator=alice.as_creator, url="https://example.org/")
    for way in CHANNELS:
        notice_choose(creator=alice.as_creator, kind=kind, channel=way, wanted=way != channel)

    creator_tell(creator=alice.as_creator, kind=kind, key="one")

    row = CreatorNotice.objects.get()
    sent = {*row.deliveries.values_list("channel", flat=True), *(["page"] if row.in_page else [])}
    assert sent == {way.value for way in CHANNELS} - {channel.value}


def test_what_nobody_wants_by_any_way_is_not_kept(alice: Person) -> None:
    for way in CHANNELS:
        notice_choose(creator=alice.as_creator, kind=Kind.FILM_READY, channel=way, wanted=False)

    assert not tell(alice)
    assert not CreatorNotice.objects.exists()


def test_the_letter_is_in_the_creators_language_and_one_post_ends_it(alice: Person) -> None:
    creator = alice.as_creator
    creator.language = "en"
    creator.save()
    tell(alice)
    deliver()
    (letter,) = mail.outbox
    assert letter.subject == "The film of “雪夜” is ready"
    link = letter.extra_headers["List-Unsubscribe"].strip("<>")
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link in letter.body

    path = link.partition("//")[2].partition("/")[2]
    stranger = Client(enforce_csrf_checks=True)  # a mail program has no cookie and no token
    asked = stranger.get(f"/{path}")
    assert not NoticeChoice.objects.exists(), "looking at the page turns nothing off"
    done = stranger.post(f"/{path}", {"List-Unsubscribe": "One-Click"})

    assert (asked.status_code, done.status_code) == (200, 200)
    tell(alice, "film:2")
    deliver()
    assert len(mail.outbox) == 1
    assert unread_notices(creator) == 2


def test_a_link_of_nobody_or_of_another_signature_is_not_there(alice: Person) -> None:
    good = unsubscribe_token(alice.as_creator, Kind.QUOTA)

    for token in ("nothing", good[:-1] + ("a" if good[-1] != "a" else "b"), good + "x"):
        assert Client().post(f"/unsubscribe/{token}/").status_code == 404
    assert not NoticeChoice.objects.exists()
    everything = Client().post(f"/unsubscribe/{good}/", {"all": "yes"})

    assert everything.status_code == 200
    off = NoticeChoice.objects.filter(channel="email", wanted=False).count()
    assert off == len(CHOSEN) - 1  # one is off by itself


def test_what_was_turned_off_or_read_before_it_left_does_not_leave(alice: Person) -> None:
    tell(alice, "film:1")
    tell(alice, "film:2")
    CreatorNotice.objects.filter(key__startswith="film:2").update(seen_at=timezone.now())
    first = NoticeDelivery.objects.get(notice__seen_at=None)
    second = NoticeDelivery.objects.exclude(pk=first.pk).get()

    notice_deliver(second.pk)
    notice_choose(creator=alice.as_creator, kind=Kind.FILM_READY, channel="email", wanted=False)
    notice_deliver(first.pk)

    codes = dict(NoticeDelivery.objects.values_list("pk", "error_code"))
    assert codes == {first.pk: "turned_off", second.pk: "read_already"}
    assert mail.outbox == []


def test_the_page_lists_marks_and_leads_on_for_its_owner_alone(
    alice: Person, charlie: Person
) -> None:
    tell(alice)
    row = CreatorNotice.objects.get()
    bell = alice.client.get(reverse("portal:novel_list")).content.decode()
    assert 'class="bell__count" aria-hidden="true">1<' in bell

    listed = alice.client.get(reverse("portal:notices")).content.decode()
    stranger = charlie.client.post(reverse("portal:notice_open", args=[row.pk]))
    assert unread_notices(alice.as_creator) == 1
    opened = alice.client.post(reverse("portal:notice_open", args=[row.pk]))

    assert "《雪夜》" in listed or "“雪夜”" in listed
    assert stranger.status_code == 404
    assert opened.headers["Location"] == "/studio/runs/1/"
    assert unread_notices(alice.as_creator) == 0
    assert "bell__count" not in alice.client.get(reverse("portal:novel_list")).content.decode()


def test_all_are_marked_read_at_once_and_the_bell_is_a_fragment(alice: Person) -> None:
    for number in range(3):
        tell(alice, f"film:{number}")
    fragment = alice.client.get(
        reverse("portal:notice_bell"), headers={"HX-Request": "true"}
    ).content.decode()

    alice.client.post(reverse("portal:notices_all_read"))

    assert ">3<" in fragment
    assert "<html" not in fragment
    assert unread_notices(alice.as_creator) == 0
    assert alice.client.get(reverse("portal:notices"), {"unread": "1"}).status_code == 200


def test_the_settings_page_keeps_what_is_ticked_and_nothing_else(alice: Person) -> None:
    page = reverse("portal:notice_settings")
    alice.client.post(page, {"on": ["film_ready:page", "frames_review:email", "nothing:at-all"]})

    html = alice.client.get(page).content.decode()

    assert html.count(" checked") == 2
    rows = NoticeChoice.objects.filter(creator=alice.as_creator)
    assert rows.filter(kind="frames_review", channel="email", wanted=True).exists()
    assert rows.filter(wanted=False).count() == len(CHOSEN) * len(CHANNELS) - 2


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_kind_has_words_in_both_languages(alice: Person, language: str) -> None:
    facts = {
        "title": "雪夜", "what": "runs", "used": 8, "limit": 10, "n": 2, "drawn": 2, "unsure": 1,
        "minor": 5900, "currency": "CNY", "study": ["访谈", "Talks"], "plan": ["月", "Month"],
        "feature": ["功能", "Feature"], "days": 7, "starts_at": timezone.now().isoformat(),
        "minutes": 45,
    }  # fmt: skip
    for kind in Kind:
        what = {"slot": "booked", "reminder": "day_before"}.get(kind.value, "runs")
        row = CreatorNotice(
            creator=alice.as_creator, kind=kind, facts={**facts, "what": what}, key=kind.value
        )
        with override(language):
            words = words_of(row)
        assert words.title
        assert "%(" not in words.title + words.text


# -- webhook ----------------------------------------------------------------------------------


def test_a_webhook_is_signed_and_its_tries_carry_one_delivery_id(
    alice: Person, receiver: Receiver
) -> None:
    hook = notice_hook_set(creator=alice.as_creator, url=address_of(receiver))
    assert hook is not None
    receiver.status = 503
    tell(alice)
    row = NoticeDelivery.objects.get(channel="webhook")
    assert notice_deliver(row.pk) == "queued"
    receiver.status = 204
    NoticeDelivery.objects.update(queued_at=timezone.now())
    assert notice_deliver(row.pk) == "done"

    (_first, _), (head, body) = receiver.got
    moment = int(head["X-Pingju-Signature"].partition(",")[0].removeprefix("t="))
    mac = hmac.new(hook.secret.encode(), f"{moment}.".encode() + body, hashlib.sha256)
    assert head["X-Pingju-Signature"] == f"t={moment},v1={mac.hexdigest()}"
    assert {one["X-Pingju-Delivery"] for one, _body in receiver.got} == {str(row.uid)}
    told = json.loads(body)
    assert (told["id"], told["kind"], told["facts"]) == (
        str(row.uid), "film_ready", {"title": "雪夜"},
    )  # fmt: skip
    assert head["Host"].startswith("localhost")


def test_after_three_tries_it_is_given_up_and_the_page_says_why(
    alice: Person, receiver: Receiver
) -> None:
    notice_hook_set(creator=alice.as_creator, url=address_of(receiver))
    receiver.status = 500
    tell(alice)
    row = NoticeDelivery.objects.get(channel="webhook")
    for _try in range(4):
        NoticeDelivery.objects.update(queued_at=timezone.now())
        notice_deliver(row.pk)

    row.refresh_from_db()
    assert (row.state, row.tries, len(receiver.got)) == ("dead", 3, 3)
    page = alice.client.get(reverse("portal:notice_settings")).content.decode()
    assert "answered 500" in page


@pytest.mark.parametrize("status", [301, 302, 307, 400, 410])
def test_a_redirect_or_a_refusal_is_final_and_not_followed(
    alice: Person, receiver: Receiver, status: int
) -> None:
    notice_hook_set(creator=alice.as_creator, url=address_of(receiver))
    receiver.status = status
    tell(alice)

    assert notice_deliver(NoticeDelivery.objects.get(channel="webhook").pk) == "failed"
    assert len(receiver.got) == 1


def test_a_test_message_reaches_the_program_and_not_the_page(
    alice: Person, receiver: Receiver
) -> None:
    notice_hook_set(creator=alice.as_creator, url=address_of(receiver))

    alice.client.post(reverse("portal:notice_hook"), {"do": "test"})
    deliver()

    assert json.loads(receiver.got[0][1])["kind"] == "test"
    assert unread_notices(alice.as_creator) == 0
    assert mail.outbox == []


BAD = [
    "http://example.org/", "ftp://example.org/", "https://", "https://user:pw@example.org/",
    "https://127.0.0.1/", "https://10.0.0.8/", "https://192.168.1.1:8443/x", "https://0.0.0.0/",
    "https://169.254.169.254/latest/meta-data/", "https://[::1]/", "https://[fe80::1]/",
    "https://[fd00::1]/", "https://[::ffff:10.0.0.1]/", "https://[64:ff9b::a00:1]/",
    "https://[2002:a00:1::]/", "https://224.0.0.1/", "https://100.64.0.1/", "javascript:alert(1)",
    "https://exa mple.org/", "https://example.org/\r\nX: y", "https://example.org:0/",
    "https://example.org:99999/",
]  # fmt: skip


@pytest.mark.parametrize("url", BAD)
def test_an_address_that_is_not_public_https_is_refused(alice: Person, url: str) -> None:
    with pytest.raises(DomainError) as error:
        notice_hook_set(creator=alice.as_creator, url=url)

    assert error.value.code == "bad_address"
    answer = alice.client.post(reverse("portal:notice_hook"), {"url": url})
    assert answer.status_code == 422
    assert not NoticeHook.objects.exists()


@pytest.mark.parametrize(
    "numbers", [["127.0.0.1"], ["93.184.216.34", "10.0.0.5"], ["::1"], ["169.254.169.254"]]
)
def test_a_name_that_leads_inside_is_not_called(
    monkeypatch: pytest.MonkeyPatch, numbers: list[str]
) -> None:
    def found(host: str, port: int, **more: Any) -> list[tuple[Any, ...]]:
        return [(0, 0, 0, "", (number, port)) for number in numbers]

    def connected(*_: Any, **__: Any) -> None:
        raise AssertionError("it was called")

    monkeypatch.setattr(webhooks.socket, "getaddrinfo", found)
    monkeypatch.setattr(webhooks.socket, "create_connection", connected)

    with pytest.raises(WebhookError) as error:
        post_outside("https://inside.example/", b"{}", secret="s", delivery="1")

    assert error.value.permanent


def test_the_number_that_was_looked_at_is_the_one_that_is_called(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []
    called: list[tuple[str, int]] = []

    def found(host: str, port: int, **more: Any) -> list[tuple[Any, ...]]:
        asked.append(host)
        return [(0, 0, 0, "", ("93.184.216.34" if len(asked) == 1 else "127.0.0.1", port))]

    def connected(address: tuple[str, int], *_: Any, **__: Any) -> socket.socket:
        called.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(webhooks.socket, "getaddrinfo", found)
    monkeypatch.setattr(webhooks.socket, "create_connection", connected)

    with pytest.raises(WebhookError) as error:
        post_outside("https://moves.example/", b"{}", secret="s", delivery="1")

    assert not error.value.permanent
    assert (asked, called) == (["moves.example"], [("93.184.216.34", 443)])


def test_public_addresses_pass() -> None:
    for url in (
        "https://example.org/hook?a=1",
        "https://93.184.216.34:8443/",
        "https://[2600::1]/",
    ):
        assert outside_address(url).scheme == "https"
    assert signature("s", 1, b"x").startswith("t=1,v1=")


# -- what is told of --------------------------------------------------------------------------


def test_a_run_that_ends_is_told_of_and_goes_with_its_novel(alice: Person) -> None:
    novel = NovelFactory(creator=alice.as_creator, title="雪夜")
    run = RunFactory(novel=novel, frame_engine="none", wants_film=False)
    assert run_execute(run.pk) == "done"
    assert kinds(alice) == [Kind.RUN_DONE]

    broken = RunFactory(novel=novel, frame_engine="none", text_engine="nobody", token="b")
    state = run_execute(broken.pk)

    assert state == "failed"
    assert sorted(kinds(alice)) == [Kind.RUN_DONE, Kind.RUN_FAILED]
    novel_delete(novel=novel)
    assert kinds(alice) == []


def test_the_starter_project_is_not_told_of(alice: Person) -> None:
    novel = NovelFactory(creator=alice.as_creator, is_sample=True)
    run = RunFactory(novel=novel, frame_engine="none", wants_film=False, is_sample=True)
    run_execute(run.pk)

    assert Run.objects.get(pk=run.pk).state == "done"
    assert kinds(alice) == []


def test_a_film_that_cannot_be_made_is_told_of(alice: Person) -> None:
    run = finished_run(NovelFactory(creator=alice.as_creator))
    wish = {**wish_of(run).to_dict(), "speech_engine": "nobody"}
    job = FilmJob.objects.create(run=run, token="t", wish=wish)

    assert film_execute(job.pk) == "failed"
    assert kinds(alice) == [Kind.RUN_FAILED]


def test_the_quota_is_told_near_its_end_and_at_its_end_once_each(alice: Person) -> None:
    Plan.objects.update(on_sale=False)
    Plan.objects.create(key="tiny", title_zh="小", minor=0, currency="CNY", on_sale=True, runs=10)
    for number in range(10):
        quota_take(creator=alice.as_creator, key=f"run:{number}", runs=1)

    rows = CreatorNotice.objects.filter(creator=alice.as_creator).order_by("pk")
    assert [row.facts["used"] for row in rows] == [8, 10]
    with pytest.raises(DomainError):
        quota_take(creator=alice.as_creator, key="run:11", runs=1)
    assert rows.count() == 2


def test_an_answer_to_a_raised_pain_is_told(alice: Person, staff: Person) -> None:
    report, _new = pain_report(
        creator=alice.as_creator, words="串脸", importance=5, satisfaction=1, pain=None, token="t"
    )
    report_decline(report=report, answer="下个季度再看。", actor=staff.user)

    row = CreatorNotice.objects.get()
    assert (row.kind, row.facts) == ("answer", {"declined": True})


def test_slots_and_reminders_are_told_beside_their_letters(alice: Person, staff: Person) -> None:
    study = StudyFactory()
    creators_invite(study=study, creators=[alice.as_creator], actor=staff.user)
    slot = Slot.objects.create(
        study=study, researcher=staff.user, starts_at=timezone.now() + timedelta(days=3)
    )
    booked = slot_book(slot=slot, creator=alice.as_creator)
    StudyMail.objects.filter(kind="day_before").update(queued_at=timezone.now())
    states = [study_mail_deliver(pk) for pk in study_mails_due()]
    assert set(states) == {"done"}
    appointment_cancel(appointment=booked)

    told = CreatorNotice.objects.order_by("pk").values_list("kind", "facts__what")
    assert list(told) == [
        ("slot", "invitation"), ("slot", "booked"), ("reminder", "day_before"),
        ("slot", "cancelled"),
    ]  # fmt: skip
    assert not NoticeDelivery.objects.exists(), "the study's own letters carry the calendar"
    own = [letter for letter in mail.outbox if letter.to == [alice.user.email]]
    assert all("List-Unsubscribe" in letter.extra_headers for letter in own)


def test_a_reminder_turned_off_is_not_mailed(alice: Person, staff: Person) -> None:
    study = StudyFactory()
    slot = Slot.objects.create(
        study=study, researcher=staff.user, starts_at=timezone.now() + timedelta(days=3)
    )
    slot_book(slot=slot, creator=alice.as_creator)
    notice_choose(creator=alice.as_creator, kind=Kind.REMINDER, channel="email", wanted=False)
    row = StudyMail.objects.get(kind="day_before", to="creator")
    StudyMail.objects.filter(pk=row.pk).update(queued_at=timezone.now())

    study_mail_deliver(row.pk)

    row.refresh_from_db()
    assert row.error_code == "turned_off"
    assert mail.outbox == []


def test_an_incentive_that_was_sent_is_told(alice: Person) -> None:
    promised = incentive_promise(study=StudyFactory(), creator=alice.as_creator, minor=20000)
    assert kinds(alice) == []

    incentive_step(incentive=promised, state="sent")
    incentive_step(incentive=promised, state="sent")

    assert kinds(alice) == [Kind.INCENTIVE]


def test_a_copy_that_is_ready_is_told(alice: Person) -> None:
    row, _new = export_ask(creator=alice.as_creator)
    export_execute(row.pk)

    assert kinds(alice) == [Kind.EXPORT]


def test_quotes_to_check_are_told_together_once_a_day(alice: Person) -> None:
    transcript = transcript_of(
        [("研究员", "难在哪？"), ("墨", "分镜要画三天，配音也慢。")], creator=alice.as_creator
    )
    pain = PainPointFactory()
    first = tag(pain, transcript=transcript, quote="分镜要画三天")
    assert [quotes_tell(), quotes_tell()] == [1, 0]
    tag(pain, transcript=transcript, quote="配音也慢")
    assert quotes_tell() == 0, "within a day they are told together"
    CreatorNotice.objects.update(at=timezone.now() - timedelta(days=2))
    quote_check(creator=alice.as_creator, evidence=first, verdict="right")

    assert quotes_tell() == 1
    newest = CreatorNotice.objects.order_by("-at").first()
    assert newest is not None
    assert newest.facts["n"] == 1, "what was checked is not asked again"


def test_a_link_that_ends_within_a_day_is_told_once(alice: Person) -> None:
    run = finished_run(NovelFactory(creator=alice.as_creator, title="雪夜"))
    now = timezone.now()
    soon = PreviewLink.objects.create(run=run, expires_at=now + timedelta(hours=5))
    PreviewLink.objects.create(run=run, expires_at=now + timedelta(hours=5))  # made for today
    PreviewLink.objects.create(run=run, expires_at=now + timedelta(days=5))
    PreviewLink.objects.filter(pk=soon.pk).update(made_at=now - timedelta(days=6))

    assert [previews_tell(), previews_tell()] == [1, 0]
    assert kinds(alice) == [Kind.PREVIEW]
