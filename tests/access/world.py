"""Rows of alice's, each with a canary in it, and a row of every model that the admin shows."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.db import connection
from django.db.models import Model
from django.utils import timezone
from PIL import Image
from rest_framework.authtoken.models import Token

from crm import audit
from crm.consent_words import FIRST
from crm.models import (
    AiTool,
    AuditEntry,
    Consent,
    ConsentForm,
    CreatorImportJob,
    CreatorNotice,
    DataExport,
    ExchangeRate,
    Interview,
    Leaving,
    NoticeHook,
    PayerMatch,
    PayerName,
    PaymentOrder,
    Plan,
    PlanOrder,
    ProviderEvent,
    QuotaUse,
    Reconciliation,
    Redaction,
    RefundRequest,
    RefusedNotice,
    Segment,
    Slot,
    Study,
    SubscriptionEvent,
    TeamNotice,
    TierRule,
    Transcription,
    TranscriptionPart,
    WorkflowStep,
)
from crm.services.appointments import slot_book
from crm.services.creator_imports import creators_import
from crm.services.creator_notices import creator_tell
from crm.services.incentives import incentive_promise, incentive_step
from crm.services.invitations import creators_invite
from crm.services.joining import invitation_make, invitation_token
from crm.services.merges import creators_merge
from crm.services.notice_choices import unsubscribe_token
from crm.services.paying import paying_refresh
from engines.models import Budget, EngineHealth, PaidCall, PictureTemplate, Price
from generation.models import (
    AlarmChange,
    AlarmPolicy,
    AnswerNotice,
    Arm,
    Case,
    CaseSet,
    CastCorrection,
    Evaluation,
    FeatureAnswer,
    FeatureUse,
    FeatureVote,
    FilmJob,
    FrameJob,
    GatePass,
    GatePolicy,
    Justification,
    Novel,
    ProjectCase,
    PromptTemplate,
    Relief,
    Run,
    StudioTask,
    TemplateDecision,
    TemplateVersion,
    Trial,
    Verdict,
    Vote,
)
from generation.services.previews import preview_make, preview_token
from insights.models import (
    AssistantJob,
    Evidence,
    ExchangeJob,
    Highlight,
    Need,
    PainPoint,
    QdaImport,
    Suggestion,
)
from insights.services.codebook import pain_merge
from insights.services.member_checks import quote_check
from insights.services.readings import evidence_edit
from insights.services.rounds import round_open
from insights.services.shares import share_create, share_token
from insights.services.voice import pain_report
from tests.conftest import Person
from tests.factories.crm import (
    MOMENT,
    CreatorFactory,
    InterviewFactory,
    PaymentFactory,
    PaymentImportFactory,
    StudyFactory,
    UserFactory,
    transcript_of,
)
from tests.factories.generation import FeatureFactory, NovelFactory, RunFactory, finished_run
from tests.factories.insights import PainPointFactory, tag
from tests.factories.recordings import recording_of, wav

# What nobody but alice and the team may ever be sent. Plain letters: no encoding changes them.
CANARIES = {
    name: f"canary{name}7f3a9c"
    for name in (
        "title",
        "text",
        "speech",
        "subject",
        "contact",
        "error",
        "file",
        "note",
        "pen",
    )
}


# What only the first coder knows of an interview that staff still has to read blind: the words of a
# reading, and numbers of rows that no page has by chance.
READING = "readingof7f3a9c"
CODING, PASSAGE = 876_543_210, 765_432_101


@dataclass
class World:
    """`ids`: a short name → the value that a URL takes; `rows`: model label → its row's key.
    `unread`: names and labels of both → the same for the interview that staff has to read blind."""

    alice: Person
    charlie: Person
    bob: Person
    staff: Person
    ids: dict[str, Any] = field(default_factory=dict)
    rows: dict[str, Any] = field(default_factory=dict)
    unread: dict[str, Any] = field(default_factory=dict)

    def keep(self, row: Model, name: str = "") -> None:
        if name:
            self.ids[name] = row.pk
        self.rows[row._meta.label_lower] = row.pk


def build_world(alice: Person, charlie: Person, bob: Person, staff: Person) -> World:
    """Alice's rows and the team's; charlie has a novel and a run of his own, to have a list."""
    world = World(alice, charlie, bob, staff)
    owner = alice.as_creator
    owner.name = f"墨{CANARIES['pen']}"
    owner.contact = f"微信 {CANARIES['contact']}"
    owner.note = CANARIES["note"]
    owner.save()
    world.keep(owner, "creator")
    _pipeline(world)
    _research(world)
    _study(world)
    _told(world)
    _records(world)
    _house(world)
    _decisions(world)
    _templates(world)
    finished_run(NovelFactory(creator=charlie.as_creator, title="夜航船"))
    return world


def _pipeline(world: World) -> None:
    novel = NovelFactory(
        creator=world.alice.as_creator,
        title=f"风雪{CANARIES['title']}",
        text=f"第一章 叩门\n沈砚推开门，{CANARIES['text']}。\n",
        source_name=f"{CANARIES['title']}.txt",
    )
    run = finished_run(novel, mark=CANARIES["file"])
    failed = RunFactory(
        novel=novel, state=Run.State.FAILED, error=f"坏了：{CANARIES['error']}", error_code="broken"
    )
    frame, character = run.shots.get().frames.get(), run.cast.get()
    world.keep(novel, "novel")
    world.keep(run, "run")
    world.ids["failed"] = failed.pk
    # Of a run without canaries: the link is public, its run must not be the one that is guarded.
    shown = finished_run(NovelFactory(creator=world.alice.as_creator, title="公开的雪"))
    link = preview_make(run=shown, note="编辑", days=3)
    world.ids |= {
        "preview": link.pk, "preview_token": preview_token(link), "vtt_kind": "vtt",
        "shown_frame": shown.shots.get().frames.get().pk,
    }  # fmt: skip
    world.keep(frame, "frame")
    world.ids["shot"] = frame.shot_id
    world.keep(FrameJob.objects.create(run=run, token="b", shots=[0], state="done"), "batch")
    sheet = Path(settings.MEDIA_ROOT) / "contact.pdf"
    sheet.write_bytes(b"%PDF-1.4")
    task = StudioTask.objects.create(
        run=run, token="t", kind="contact", state="done", file="contact.pdf"
    )
    world.keep(task, "studio_task")
    world.keep(character, "character")
    world.keep(run.film, "film")
    world.keep(FilmJob.objects.create(run=run, token="canary", state="done"), "film_job")
    world.ids["chapter"] = 0
    world.ids["correction"] = CastCorrection.objects.create(
        novel=novel, kind="rename", name="沈砚", other=f"阿砚{CANARIES['title']}"
    ).pk
    feature = FeatureFactory()
    world.keep(feature)
    world.keep(
        FeatureVote.objects.create(
            feature=feature, creator=world.alice.as_creator, points=3, tier="mid"
        )
    )
    world.ids["feature"] = feature.key
    use = FeatureUse.objects.create(
        run=run, feature=feature, creator=novel.creator, at=timezone.now()
    )
    world.keep(use)
    world.keep(GatePolicy.objects.create(pk=1))
    world.keep(
        GatePass.objects.create(
            feature=feature, kind="override", reason="试一次", by=world.staff.user
        )
    )
    world.keep(
        Verdict.objects.create(
            feature=feature, decision="wait", why="样本太少", by=world.staff.user, at=timezone.now()
        )
    )


def _research(world: World) -> None:
    owner = world.alice.as_creator
    study = StudyFactory(key="flow")
    interview = InterviewFactory(creator=owner, study=study, fingerprint="f" * 64)
    transcript = transcript_of(
        [("研究员", "最费时间的是什么？"), ("墨", f"分镜要画三天，{CANARIES['speech']}。")],
        interview=interview,
    )
    pain = PainPointFactory()
    evidence = tag(pain, transcript=transcript, quote=CANARIES["speech"], coder=world.bob.user)
    _shared(world, pain, evidence)
    report, _new = pain_report(
        creator=owner, words=f"配音太平{CANARIES['speech']}", importance=4, satisfaction=2, pain=None,
        token="t",
    )  # fmt: skip
    world.keep(report, "report")
    payment = PaymentFactory(creator=owner, subject=f"会员{CANARIES['subject']}", payer="墨女士")
    world.keep(study)
    world.ids |= {"study_key": study.key, "format": "csv"}
    said = transcript.utterances.get(index=1)
    word = {"utterance": said.pk, "start": 0, "end": len(said.text)}
    asked = {"asked_by": world.bob.user, "way": "offline"}
    world.keep(
        AssistantJob.objects.create(
            task="answer", question="什么最难？", answer=[{"text": "", "citations": [word]}],
            state="done", **asked,
        ),
        "answer",
    )  # fmt: skip
    world.ids["suggesting"] = AssistantJob.objects.create(
        task="suggest", transcript=transcript, state="done", **asked
    ).pk
    world.ids["suggestion"] = Suggestion.objects.create(
        transcript=transcript, start=said.start, end=said.end, text=said.text, pain=pain,
        stance="for", way="offline",
    ).pk  # fmt: skip
    upload = QdaImport.objects.create(
        name=f"{CANARIES['pen']}.qdpx", sha256="0" * 64, preview={"codings": 1}
    )
    world.keep(upload, "upload")
    # Only who asked sees it.
    world.ids["exchanging"] = ExchangeJob.objects.create(
        task="export", study=study, format="csv", asked_by=world.staff.user, state="done"
    ).pk
    world.keep(transcript, "transcript")
    _recorded(world, interview)
    world.keep(interview, "interview")
    world.keep(pain, "pain")
    world.keep(evidence, "evidence")
    world.keep(evidence.highlight, "passage")
    world.keep(payment, "payment")
    world.keep(PaymentImportFactory(), "bill")
    world.keep(
        Reconciliation.objects.create(
            name="对账.csv", provider="alipay", since=MOMENT, until=MOMENT, state="done"
        ),
        "reconciliation",
    )
    world.keep(PayerMatch.objects.create(creator=owner, payer="墨女士"), "match")
    world.keep(ExchangeRate.objects.create(currency="USD", rate="7.1", source="央行"))
    world.keep(Plan.objects.create(key="pro", title_zh="专业版", minor=19900))
    paying_refresh()
    world.keep(owner.paying_spells.get())
    world.ids |= {
        "money": "revenue",
        "money_panel": "spread",
        "kind": "csv",
        "features": "features",
    }
    _plan(world)
    world.keep(ProviderEvent.objects.create(provider="test", event_id="EV-1", body=b"{}"))
    world.keep(
        RefusedNotice.objects.create(
            provider="test", code="stale", status=401, hour=MOMENT, count=3, last_at=MOMENT
        )
    )
    world.keep(
        TeamNotice.objects.create(
            topic="refused:test", user=UserFactory(), address="pm@pingju.example", subject="拒收"
        )
    )
    world.keep(Need.objects.create(creator=owner, pain=pain, tier=owner.tier, importance=5))
    world.keep(
        Consent.objects.create(
            creator=owner, interview=interview, purpose="quote_named", channel="staff"
        )
    )
    world.keep(ConsentForm.objects.create(**FIRST))
    world.keep(Redaction.objects.create(creator=owner, purposes=["contact"]), "redaction")
    world.keep(PayerName.objects.create(creator=owner, name="墨女士"))
    world.keep(
        Justification.objects.create(
            feature_id=world.rows["generation.feature"], claim_zh="最痛的一步", pain=pain
        )
    )
    world.keep(
        Relief.objects.create(
            creator=owner,
            feature_id=world.rows["generation.feature"],
            pain=pain,
            before=8,
            after=3,
        )
    )


def _recorded(world: World, interview: Interview) -> None:
    """A recording, and what an engine heard in it; the file holds a canary behind its sound."""
    row = recording_of(interview, name=f"{CANARIES['file']}.wav", tail=CANARIES["file"].encode())
    world.keep(row, "recording")
    # A file that is deleted stays deleted when the visit's transaction is undone.
    world.ids["removable"] = recording_of(interview, data=wav(0.5)).pk
    job = Transcription.objects.create(
        recording=row, engine="rehearsal", asked_by=world.bob.user, state="done"
    )
    TranscriptionPart.objects.create(
        transcription=job, index=0, start_ms=0, end_ms=900,
        cues=[[0, 900, f"听到了{CANARIES['speech']}"]],
    )  # fmt: skip
    world.keep(job, "transcription")


def _records(world: World) -> None:
    """How alice's record came here, and what the team keeps about records."""
    source = creators_import(
        data="笔名,平台\n新来的,B站\n".encode(), name="名单.csv",
        columns={"笔名": "name", "平台": "platform"},
    )  # fmt: skip
    other = source.lines.get().creator
    assert other is not None
    world.keep(source, "roster")
    world.keep(
        CreatorImportJob.objects.create(
            task="book", name="名单.csv", asked_by=world.staff.user, state="running"
        ),
        "roster_job",
    )
    world.keep(TierRule.objects.create(name="百万粉", tier="head", followers_from=10**6))
    world.keep(Segment.objects.create(name="腰部", conditions={"tier": ["mid"]}))
    gone = CreatorFactory(name="并掉的")
    world.keep(creators_merge(source=gone, target=other), "merge")
    world.ids["other_creator"] = other.pk


def _study(world: World) -> None:
    """Alice is invited, has a time, is promised something, and has spoken on a quote."""
    owner, study = world.alice.as_creator, Study.objects.get(key="flow")
    (invitation,) = creators_invite(study=study, creators=[owner], actor=world.bob.user)
    slot = Slot.objects.create(
        study=study, researcher=world.bob.user, starts_at=timezone.now() + timedelta(days=9)
    )
    booked = slot_book(slot=slot, creator=owner, invitation=invitation)
    incentive = incentive_promise(study=study, creator=owner, minor=20_000)
    incentive_step(incentive=incentive, state="sent")
    for row in Evidence.objects.filter(creator=owner):
        quote_check(creator=owner, evidence=row, verdict="right")
    world.keep(study, "study")
    world.keep(invitation, "invitation")
    world.keep(booked, "appointment")
    world.keep(incentive, "incentive")
    mail = booked.mails.first()
    assert mail is not None
    world.keep(mail)


def _told(world: World) -> None:
    """Alice is told that a film is ready, in the portal, by e-mail and by her own program."""
    owner, told = world.alice.as_creator, {"title": f"风雪{CANARIES['title']}"}
    NoticeHook.objects.create(
        creator=owner, url=f"https://{CANARIES['contact']}.example/", secret="s"
    )
    creator_tell(creator=owner, kind="film_ready", key="canary", path="/studio/", facts=told)
    notice = CreatorNotice.objects.get(key__startswith="canary")
    delivery = notice.deliveries.first()
    assert delivery is not None
    world.ids["notice"] = notice.pk
    world.ids["unsubscribe_token"] = unsubscribe_token(owner, "film_ready")
    world.keep(delivery)


def _plan(world: World) -> None:
    """Alice has ordered and paid a plan."""
    owner = world.alice.as_creator
    plan = Plan.objects.get(key="pro")
    wish = PaymentOrder.objects.create(
        number="P20260520ALICE", provider="test", creator=owner, minor=plan.minor,
        currency="CNY",
    )  # fmt: skip
    order = PlanOrder.objects.create(
        payment=wish, creator=owner, plan=plan, token="form-of-alice",
        expires_at=timezone.now() + timedelta(minutes=30),
    )  # fmt: skip
    PaymentFactory(
        creator=owner, provider="test", merchant_order=wish.number, minor=plan.minor,
        occurred_at=timezone.now(),
    )  # fmt: skip
    world.keep(wish)
    world.keep(order, "plan_order")
    world.ids["order"] = wish.number
    world.keep(
        RefundRequest.objects.create(order=order, number="R1", token="r", minor=1, reason="多付")
    )
    world.keep(SubscriptionEvent.objects.create(creator=owner, kind="kept"))
    world.keep(QuotaUse.objects.create(creator=owner, month=timezone.localdate().replace(day=1)))


def _decisions(world: World) -> None:
    """The alarm, an answer to alice's words, a case."""
    pain, feature = world.ids["pain"], world.rows["generation.feature"]
    world.keep(AlarmPolicy.objects.create(pk=1))
    world.keep(
        AlarmChange.objects.create(
            state="quiet", reason="covered", pain_id=pain, sentence_zh="静", sentence_en="Quiet",
            seed=1, at=timezone.now(),
        )
    )  # fmt: skip
    answer = FeatureAnswer.objects.create(
        feature_id=feature, kind="declined", text_zh="暂不做，因为人手不够", by=world.staff.user
    )
    world.keep(answer)
    AnswerNotice.objects.create(answer=answer, creator=world.alice.as_creator)
    world.keep(
        ProjectCase.objects.create(
            title_zh="同框", step_id=world.rows["crm.workflowstep"], ceiling_zh="三人同框不串脸",
            ceiling_by=timezone.localdate(),
        ),
        "case",
    )  # fmt: skip


def _templates(world: World) -> None:
    template = PromptTemplate.objects.get(key="ink-wash-zh")
    world.keep(template)
    world.ids |= {"template": template.key, "json": "json"}
    _evaluation(world)


def _png() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8), (90, 120, 160)).save(buffer, "PNG")
    return buffer.getvalue()


def _evaluation(world: World) -> None:
    """A case of alice's novel, drawn by two templates, shown to her as a pair; and a choice."""
    consent = Consent.objects.create(
        creator=world.alice.as_creator, purpose="evaluation", channel="staff"
    )
    novel = Novel.objects.get(pk=world.ids["novel"])
    cases = CaseSet.objects.create(key="house", kind="shot", title="自家", language="zh-Hans")
    case = Case.objects.create(
        case_set=cases, index=0, story="n", novel=novel, consent=consent, digest="d",
        content={"shot": {"narration": CANARIES["text"]}, "cast": {}, "scene": {}},
    )  # fmt: skip
    row = Evaluation.objects.create(
        title="两种", case_set=cases, token="w", state="done", in_portal=True, results={}
    )
    pictures = []
    for place, key in enumerate(("ink-wash-zh", "gongbi-zh")):
        version = TemplateVersion.objects.get(template__key=key)
        arm = Arm.objects.create(
            evaluation=row, version=version, engine="sketch", baseline=not place, position=place
        )
        trial = Trial(evaluation=row, arm=arm, case=case, seed=1, state="done", key=f"k{place}")
        trial.picture.save("trials/w.png", ContentFile(_png()), save=False)
        trial.save()
        pictures.append(trial)
    Vote.objects.create(
        evaluation=row, left=pictures[0], right=pictures[1], rater=world.alice.user, token="f" * 32
    )
    empty = {"unit": "tokens", "arms": []}
    choice = TemplateDecision.objects.create(
        evaluation=row, arm=pictures[0].arm, why="好", by=world.staff.user,
        document={"table": empty, "prices": {}, "arms": [], "chosen": 0, "trials": [], "votes": []},
    )  # fmt: skip
    for kept in (cases, row, choice):
        world.keep(kept)
    world.ids |= {
        "case_set": cases.pk, "evaluation": row.pk, "choice": choice.pk, "trial": pictures[0].pk, "pair": "f" * 32,
        "side": "a",
    }  # fmt: skip


def _shared(world: World, pain: PainPoint, evidence: Evidence) -> None:
    """What the pages of the codebook, of second coding and of statistics take."""
    other = PainPointFactory()
    team = world.staff.user
    change = pain_merge(source_id=other.pk, target_id=pain.pk, actor=team)
    # In an interview of its own: what is still to be read blind is kept from its second coder.
    read_twice = transcript_of(
        [("研究员", "还有呢？"), ("墨", f"再说一遍，{CANARIES['speech']}。")],
        interview=InterviewFactory(creator=evidence.creator),
    )
    coder = UserFactory(is_staff=True)
    with numbered(Evidence, CODING), numbered(Highlight, PASSAGE):
        first = tag(pain, transcript=read_twice, quote=CANARIES["speech"], coder=coder)
    evidence_edit(
        evidence_id=first.pk, actor=coder, stance="for", severity=4, frequency="",
        workaround=READING, spend_minor=None,
    )  # fmt: skip
    machine = AssistantJob.objects.create(
        task="suggest", transcript=read_twice, state="done", way="offline", asked_by=coder
    )
    world.unread = {
        "interview": read_twice.interview_id, "evidence": first.pk, "insights.evidence": first.pk,
        "crm.interview": read_twice.interview_id, "suggesting": machine.pk,
        "crm.auditentry": AuditEntry.objects.filter(object_id=str(CODING)).earliest("pk").pk,
    }  # fmt: skip
    made = round_open(
        title="第一轮", first_coder=coder, second_coder=team, pains=[pain.pk], size=1,
        seed=1, actor=team,
    )  # fmt: skip
    share = share_create(
        page="ranking", params={}, pains=[pain.pk], note="给老板", days=7, actor=team
    )
    world.ids |= {
        "change": change.pk, "round": made.pk, "unit": made.units.get().pk, "share": share.pk,
        "share_token": share_token(share), "figure": "ranking", "csv": "csv",
    }  # fmt: skip


@contextmanager
def numbered(model: type[Model], key: int) -> Iterator[None]:
    """Rows of the model that are made meanwhile are numbered from `key`; later ones as if nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [model._meta.db_table])
        (sequence,) = cursor.fetchone()
        cursor.execute("SELECT nextval(%s)", [sequence])
        (before,) = cursor.fetchone()
        cursor.execute("SELECT setval(%s, %s, false)", [sequence, key])
        yield
        cursor.execute("SELECT setval(%s, %s)", [sequence, before])


def _house(world: World) -> None:
    budget = Budget.objects.create(key="offline", cap_micro=0)
    world.keep(budget)
    world.keep(
        PaidCall.objects.create(
            key="k", purpose="看", engine="offline", budget=budget, state=PaidCall.State.IN_DOUBT
        ),
        "call",
    )
    world.ids["budget"] = budget.pk
    world.keep(
        Price.objects.create(engine="offline", input_micro=0, cached_micro=0, output_micro=0)
    )
    world.keep(EngineHealth.objects.create(engine="offline"))
    world.keep(
        PictureTemplate.objects.create(
            name="mine", version=1, kind="openai", document={"kind": "openai"}, current=True
        )
    )
    world.keep(AiTool.objects.create(name="即梦"))
    world.keep(WorkflowStep.objects.create(key="board", title_zh="分镜", title_en="Storyboard"))
    world.keep(Group.objects.create(name="研究组"))
    world.keep(world.alice.user, "user")
    copy = DataExport.objects.create(
        creator=world.alice.as_creator,
        state="done",
        expires_at=timezone.now() + timedelta(days=1),
    )
    copy.file.save("copy.zip", ContentFile(CANARIES["file"].encode()))
    world.ids["copy"] = copy.pk
    world.keep(Leaving.objects.create(creator=world.charlie.as_creator, state="done"))
    invitation = invitation_make(creator=None, note="新人", days=3, actor=world.staff.user)
    world.keep(invitation)
    world.ids["join_token"] = invitation_token(invitation)
    world.ids |= {"app": "crm", "nothing": "nothing/", "voice": "nobody"}
    token = Token.objects.create(user=world.alice.user)
    world.rows["authtoken.tokenproxy"] = token.user_id
    world.keep(EmailAddress.objects.create(user=world.alice.user, email="alice@example.org"))
    world.keep(audit.record("novel.uploaded", world.alice.as_creator, actor=world.alice.user))
