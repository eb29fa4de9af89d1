"""Every page that the house has, as it is sent: by the table of routes, and in the moments between.

A route whose right GET brings a page is one of them by itself. What only a form, a file or a
second factor leads to is a moment below; a page that is neither fails `tests/access/test_pages.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.test import Client, RequestFactory, override_settings
from django.urls import reverse
from django.utils import timezone
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

from config.middleware import OnwardMiddleware
from crm.models import Appointment, Plan, Study, StudyInvitation, StudyMail
from crm.services.invitations import invitation_token
from crm.services.orders import plan_order
from generation.models import FilmJob, FrameJob, Run
from insights.models import CodingRound, PainPoint
from insights.services.rounds import unit_read
from tests.access.table import TABLE
from tests.access.walk import Got, got_by_owners
from tests.access.world import World
from tests.conftest import Person, just_signed_in, person
from tests.factories.generation import NovelFactory, RunFactory
from tests.factories.insights import tag

SAMPLE = Path(settings.BASE_DIR) / "config" / "sample" / "data"
PASSWORD = "right horse"
# Made from one template each by the admin's skin, for every model alike: walked for these.
SKIN = ("changelist", "add", "change", "history", "delete")
SKINNED = {
    "crm_creator": SKIN,
    "crm_segment": ("add", "change"),
    **dict.fromkeys(
        ("crm_study", "crm_interview", "crm_payment", "crm_plan", "insights_painpoint",
         "generation_feature", "generation_prompttemplate", "generation_evaluation",
         "generation_run", "engines_budget"),
        ("changelist", "change"),
    ),
}  # fmt: skip
# Right answers that are no page of ours, with the reason.
NO_PAGE = {
    "api:docs": "the page of a tool (Swagger), for programmers",
    "admin:autocomplete": "choices of a field, for scripts",
    "admin:generation_template_preview": "a picture",
    "admin:admin/(?P<url>.*)$": "whatever else is asked for below /admin/",
}


@dataclass(frozen=True)
class Shown:
    """A page: `who` it is sent to, its address, what it is made of, the policy it came with."""

    name: str
    url: str
    body: bytes
    policy: str
    templates: frozenset[str]


def is_skin(name: str) -> bool:
    """Whether a route is one of the five that the admin makes for every model."""
    return name.startswith("admin:") and name.endswith(SKIN) and name not in TABLE


def pages(world: World) -> list[Shown]:
    """Every page once, then the moments. What it writes is undone."""
    shown = [
        shown_of(name, got)
        for name, got in got_by_owners(world, TABLE).items()
        if got.page is not None and name not in NO_PAGE and _is_walked(name)
    ]
    with transaction.atomic():
        shown += _moments(world)
        transaction.set_rollback(True)
    return shown


def _is_walked(name: str) -> bool:
    if not is_skin(name):
        return True
    model, _, kind = name.removeprefix("admin:").rpartition("_")
    return kind in SKINNED.get(model, ())


def not_walked(got: dict[str, Got], shown: list[Shown]) -> set[str]:
    """Routes that may answer with 200 and are neither a page here, nor a file, nor lead to another
    page of the table, nor are named above."""
    seen = {one.name for one in shown}
    return {
        name
        for name, one in got.items()
        if HTTPStatus.OK in one.row.get
        and one.answer.status != HTTPStatus.FOUND
        and not (one.answer.status == HTTPStatus.OK and one.page is None)  # a file, for machines
        and name not in seen
        and name not in NO_PAGE
        and _is_walked(name)
    }


def shown_of(name: str, got: Got) -> Shown:
    assert got.page is not None
    head = got.answer.text.partition(b"\n\n")[0].decode()
    policy = next(
        (line.partition(": ")[2] for line in head.splitlines()
         if line.startswith("Content-Security-Policy:")), "",
    )  # fmt: skip
    return Shown(name, got.url, got.page, policy, got.answer.templates)


def _sent(name: str, response: Any, status: int = 200) -> Shown:
    """A page out of the test client's answer; a wrong status is an error of this file."""
    assert response.status_code == status, f"{name}: {response.status_code}"
    return Shown(
        name, response.request["PATH_INFO"], response.content,
        response.headers.get("Content-Security-Policy", ""),
        frozenset(template.name for template in response.templates if template.name),
    )  # fmt: skip


def _moments(world: World) -> Iterator[Shown]:
    yield from _troubles(world)
    yield from _refused_forms(world)
    yield from _doors(world)
    yield from _work(world)
    yield from _money(world)
    yield from _newcomer()
    yield from _uploads(world)
    yield from _coding(world)


def _troubles(world: World) -> Iterator[Shown]:
    yield _sent("404", Client().get("/nothing/"), 404)
    yield _sent("404, signed in", world.alice.client.get("/studio/nothing/"), 404)
    yield _sent("preview over", Client().get("/preview/nothing/"), 410)
    yield _sent("share over", Client().get("/shared/nothing/"), 404)
    yield _sent("invitation over", Client().get("/join/nothing/"), 410)
    yield _sent("invited over", Client().get("/invited/nothing/"), 404)
    yield _sent("unsubscribe over", Client().get("/unsubscribe/nothing/"), 404)
    yield _sent("no door", person("nobody").client.get("/door/"), 403)
    for name in ("400", "403", "403_csrf", "413", "429", "500"):
        request = RequestFactory().get("/")
        body = render(request, f"{name}.html").content
        yield Shown(name, "/", body, "", frozenset({f"{name}.html"}))


def _refused_forms(world: World) -> Iterator[Shown]:
    alice, nobody = world.alice.client, Client()
    interview = {"pk": world.ids["interview"]}
    yield _sent("logout", alice.get(reverse("account_logout")))
    with override_settings(PORTAL_SIGNUP="invitation"):
        yield _sent("signup closed", nobody.get(reverse("account_signup")))
    with override_settings(PORTAL_SIGNUP="open"):
        yield _sent("signup", nobody.get(reverse("account_signup")))
        yield _sent("signup refused", nobody.post(reverse("account_signup"), {"email": "x"}))
    yield _sent(
        "login refused", nobody.post(reverse("account_login"), {"login": "x", "password": "y"})
    )
    for name, data in (
        ("novel_upload", {}), ("voice_report", {}), ("withdraw", {}), ("consent", {"version": "?"}),
        ("leave", {"name": "?"}),
    ):  # fmt: skip
        yield _sent(f"{name} refused", alice.post(reverse(f"portal:{name}"), data), 422)
    refused = alice.post(reverse("portal:interview_withdraw", kwargs=interview), {})
    yield _sent("interview_withdraw refused", refused, 422)


def _doors(world: World) -> Iterator[Shown]:
    """A second factor from its beginning to its use, passkeys, and the way to another service."""
    one = person("factor")
    fresh = just_signed_in(one)
    for name in ("mfa_activate_totp", "mfa_add_webauthn"):
        yield _sent(name, fresh.get(reverse(name)))
    yield _sent("mfa_reauthenticate, password", one.client.get(reverse("account_reauthenticate")))
    TOTP.activate(one.user, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(one.user)
    for name in ("mfa_index", "mfa_view_recovery_codes", "mfa_generate_recovery_codes",
                 "mfa_deactivate_totp"):  # fmt: skip
        yield _sent(f"{name}, active", fresh.get(reverse(name)))
    yield _sent("mfa_reauthenticate", one.client.get(reverse("mfa_reauthenticate")))
    door = Client()
    door.post(reverse("account_login"), {"login": one.user.username, "password": PASSWORD})
    yield _sent("mfa_authenticate", door.get(reverse("mfa_authenticate")))

    yield from _by_letter(one)
    keyed = person("keyed")
    key = Authenticator.objects.create(
        user=keyed.user, type="webauthn",
        data={"name": "MacBook", "credential": _passkey()},
    )  # fmt: skip
    fresh = just_signed_in(keyed)
    yield _sent("mfa_list_webauthn", fresh.get(reverse("mfa_list_webauthn")))
    for name in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
        yield _sent(name, fresh.get(reverse(name, kwargs={"pk": key.pk})))
    numbered = fresh.get(reverse("mfa_add_webauthn"), headers={"Host": "127.0.0.1:8000"})
    yield _sent("mfa_add_webauthn, at a number", numbered)
    request = RequestFactory().post("/accounts/x/login/")
    onward = OnwardMiddleware(lambda _request: HttpResponseRedirect("https://example.org/"))(
        request
    )
    yield Shown("onward", "/accounts/", onward.content, "", frozenset({"onward.html"}))


def _by_letter(one: Person) -> Iterator[Shown]:
    """Where the links of letters lead: to confirm an address, to choose a new password."""
    address = EmailAddress.objects.create(user=one.user, email="factor@example.org")
    link = reverse("account_confirm_email", args=[EmailConfirmationHMAC(address).key])
    yield _sent("confirm email", Client().get(link))
    EmailAddress.objects.create(user=person("other").user, email=address.email, verified=True)
    yield _sent("confirm email, taken", Client().get(link))
    token = default_token_generator.make_token(one.user)
    key = {"uidb36": user_pk_to_url_str(one.user), "key": token}
    reset = reverse("account_reset_password_from_key", kwargs=key)
    yield _sent("password reset", Client().get(reset, follow=True))


def _passkey() -> dict[str, Any]:
    """What a browser sends when it has made a passkey, with a key of its own."""
    made = ec.generate_private_key(ec.SECP256R1()).public_key()
    name = b"passkey of tests"
    told = AuthenticatorData.create(
        sha256(b"testserver").digest(),
        AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.AT,
        0,
        AttestedCredentialData.create(Aaguid.NONE, name, ES256.from_cryptography_key(made)),
    )
    asked_by = CollectedClientData.create("webauthn.create", b"challenge", "https://testserver")
    return {
        "id": websafe_encode(name),
        "rawId": websafe_encode(name),
        "type": "public-key",
        "response": {
            "clientDataJSON": websafe_encode(asked_by),
            "attestationObject": websafe_encode(AttestationObject.create("none", told, {})),
        },
        "clientExtensionResults": {"credProps": {"rk": True}},
    }


def _work(world: World) -> Iterator[Shown]:
    """Runs, films and batches that wait, work, failed."""
    alice, creator = world.alice.client, world.alice.as_creator
    yield _sent("run failed", alice.get(reverse("portal:run", args=[world.ids["failed"]])))
    novel = NovelFactory(creator=creator, sha256="b" * 64)
    busy = RunFactory(novel=novel, state=Run.State.RUNNING)
    yield _sent("run at work", alice.get(reverse("portal:run", args=[busy.pk])))
    run = Run.objects.get(pk=world.ids["run"])
    FilmJob.objects.create(run=run, token="w", state="running")
    yield _sent("film at work", alice.get(reverse("portal:film_settings", args=[run.pk])))
    batch = FrameJob.objects.create(run=run, token="w", shots=[0], state="running")
    yield _sent("batch at work", alice.get(reverse("portal:batch", args=[batch.pk])))


def _money(world: World) -> Iterator[Shown]:
    """An order that is not paid yet, and the page of the test provider."""
    alice, creator = world.alice.client, world.alice.as_creator
    with override_settings(PAYMENTS={**settings.PAYMENTS, "test": {"secret": "s"}}):
        order, _new = plan_order(
            creator=creator, plan=Plan.objects.get(key="pro"), provider="test", token="of-moments",
            actor=None,
        )  # fmt: skip
        number = order.payment.number
        for name in ("practice", "plan_order"):
            yield _sent(f"{name}, open", alice.get(reverse(f"portal:{name}", args=[number])))
        yield _sent("plan, open", alice.get(reverse("portal:plan")))
    link = invitation_token(StudyInvitation.objects.get(pk=world.ids["invitation"]))
    yield _sent("invited", Client().get(reverse("invited", args=[link])))
    StudyMail.objects.all().delete()
    Appointment.objects.all().delete()
    yield _sent("invited, no time yet", Client().get(reverse("invited", args=[link])))
    Study.objects.update(called_off_at=timezone.now(), called_off_why="够了")
    own = reverse("portal:invitation", args=[world.ids["invitation"]])
    yield _sent("study called off", alice.get(own))


def _newcomer() -> Iterator[Shown]:
    """A creator who has nothing yet."""
    client = person("newcomer", creator=True).client
    refused = client.post(reverse("portal:welcome"), {"followers": "many"})
    yield _sent("welcome refused", refused, 422)
    for name in ("novel_list", "voice", "answers", "plan", "me", "words", "appointments", "notices",
                 "notice_settings", "data", "pairs", "withdraw", "consent", "leave"):  # fmt: skip
        yield _sent(f"{name}, empty", client.get(reverse(f"portal:{name}")))
    gone = person("goner", creator=True)
    left = gone.client.post(reverse("portal:leave"), {"name": gone.as_creator.name})
    yield _sent("left", left)


def _coding(world: World) -> Iterator[Shown]:
    """A figure that may not go out yet, and a round that is read to its end."""
    staff, pain = world.staff.client, PainPoint.objects.get(pk=world.ids["pain"])
    tag(pain, stance="against")
    figure = reverse("admin:insights_figure_file", args=[world.ids["figure"], "csv"])
    yield _sent("figure held back", staff.get(figure), 409)
    whole = CodingRound.objects.get(pk=world.ids["round"])
    for unit in whole.units.all():
        unit_read(unit_id=unit.pk, coder=world.staff.user, codes={})
    read = reverse("admin:insights_round_read", args=[whole.pk])
    yield _sent("round over", staff.get(read))


def _uploads(world: World) -> Iterator[Shown]:
    """What the team's uploads would become."""
    staff = world.staff.client
    said = "研究员：什么最费时间？\n墨白：分镜。\n".encode()
    table = "日期,金额,谁\n2026-05-01,59.00,墨\n".encode()
    for name, upload, data in (
        ("admin:crm_interview_import", SimpleUploadedFile("w.txt", said), {}),
        ("admin:crm_roster_upload", SimpleUploadedFile("名单.csv", "笔名,平台\n墨,B站\n".encode()), {}),
        ("admin:crm_payment_import",
         SimpleUploadedFile("b.csv", (SAMPLE / "bill_wechat.csv").read_bytes()), {"format": "auto"}),
        ("admin:crm_payment_import", SimpleUploadedFile("t.csv", table), {"format": "auto"}),
    ):  # fmt: skip
        answer = staff.post(reverse(name), {"file": upload, **data}, follow=True)
        yield _sent(f"{name}, {upload.name}", answer)
    yield _sent("upload refused", staff.post(reverse("admin:crm_interview_import"), {}))
