"""The sample workspace: invented people and payments, brought in by the same services as real ones."""

import tomllib
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils import timezone
from rest_framework.authtoken.models import Token

from config.sample import money
from config.sample.assistants import load_assistants
from config.sample.coding import load_coding
from config.sample.decisions import load_decisions
from config.sample.evaluations import load_evaluations
from config.sample.judgements import load_judgements
from config.sample.logins import SAMPLE
from config.sample.pictures import load_pictures
from config.sample.recordings import load_recording
from config.sample.spending import load_spending
from config.sample.studying import load_studying
from config.sample.voice import load_voice
from crm.checkout import practice
from crm.models import (
    AiTool,
    Consent,
    Creator,
    GuideQuestion,
    PayerName,
    Payment,
    StepEffort,
    Study,
    TierChange,
    ToolUse,
    User,
    WorkflowStep,
)
from crm.services.interviews import interviews_import
from crm.services.paying import paying_refresh
from crm.services.payments import bill_import
from crm.services.tiers import tier_at
from generation.models import Criterion, Feature, Justification, Novel, Run, Verdict
from generation.services.novels import novel_upload
from generation.services.runs import run_start
from generation.services.starter import starter_text
from insights.models import Asked, Evidence, Need, PainPoint
from insights.services.highlights import passage_tag

DATA = Path(__file__).resolve().parent / "data"
STEPS = (
    ("topic", "选题", "Topic"),
    ("script", "文案", "Script"),
    ("storyboard", "分镜", "Storyboard"),
    ("drawing", "画图", "Drawing"),
    ("voice", "配音", "Voice"),
    ("editing", "剪辑", "Editing"),
    ("publishing", "发布", "Publishing"),
)
COLOURS = (
    "#e0470a", "#2563eb", "#059669", "#9333ea", "#db2777", "#b45309", "#0891b2", "#4d7c0f",
    "#7c3aed", "#be123c", "#0f766e", "#a16207", "#475569", "#c026d3", "#15803d", "#1d4ed8",
)  # fmt: skip
PASSWORD = SAMPLE[0].password
NOVEL = "三更少一刻.txt"
SAMPLE_CHAPTERS = 1
SAMPLE_FORM = "sample"


def _toml(name: str) -> dict[str, Any]:
    with (DATA / name).open("rb") as file:
        return tomllib.load(file)


def _moment(value: date | datetime) -> datetime:
    if not isinstance(value, datetime):
        value = datetime.combine(value, time(12))
    return value if value.tzinfo else timezone.make_aware(value)


def _fen(yuan: int | float | None) -> int | None:
    return None if yuan is None else round(yuan * 100)


def loaded() -> bool:
    return Creator.objects.filter(is_sample=True).exclude(handle__startswith="@fill-").exists()


@transaction.atomic
def load() -> Run | None:
    """Load it once; returns the sample run to start, or None where it is there already."""
    if loaded():
        return None
    staff = _staff()
    steps = {
        key: WorkflowStep.objects.update_or_create(
            key=key, defaults={"title_zh": zh, "title_en": en, "position": position}
        )[0]
        for position, (key, zh, en) in enumerate(STEPS)
    }
    pains = _pains(steps)
    people = _people(steps, pains, staff["pm"])
    money.plans()
    bill_import(data=(DATA / "bill_wechat.csv").read_bytes(), name="微信支付账单.csv",
                actor=staff["pm"], sample=True)  # fmt: skip
    bill_import(data=(DATA / "bill_alipay.csv").read_bytes(), name="支付宝账单.csv",
                actor=staff["pm"], sample=True)  # fmt: skip
    money.payers(staff["pm"])
    studies = _studies()
    _interviews(people, studies, pains, staff)
    load_recording(people["demo"], staff["wang"])
    load_coding(pains, staff)
    load_spending()
    _features(pains, staff)
    if practice.configured():
        money.member(people["demo"])
        paying_refresh()
    load_decisions(staff, people, pains)
    load_judgements(staff)
    load_voice(people, pains, staff)
    load_assistants(staff["pm"])
    load_evaluations(staff)
    load_studying(people, staff)
    run = _novel(people["demo"])
    load_pictures(run)
    return run


def _staff() -> dict[str, User]:
    """The product manager of the sample logins, and the two coders of the interviews."""
    team, _made = Group.objects.get_or_create(name="产品团队 Product team")
    team.permissions.set(
        Permission.objects.filter(
            content_type__app_label__in=["crm", "insights", "generation", "engines"]
        )
    )
    staff = {}
    for username, name in (("pm", "林一"), ("wang", "王棠"), ("li", "李渡")):
        user = User.objects.create(
            username=username, first_name=name, is_staff=True, is_superuser=username == "pm"
        )
        if username == "pm":
            user.set_password(PASSWORD)
        else:
            user.set_unusable_password()
        user.save()
        user.groups.add(team)
        staff[username] = user
    return staff


def _pains(steps: dict[str, WorkflowStep]) -> dict[str, PainPoint]:
    rows = _toml("pains.toml")["pain"]
    pains: dict[str, PainPoint] = {}
    for position, row in enumerate(rows):
        pains[row["key"]] = PainPoint.objects.create(
            title_zh=row["title_zh"],
            title_en=row["title_en"],
            description_zh=row.get("description_zh", ""),
            description_en=row.get("description_en", ""),
            step=steps[row["step"]],
            colour=COLOURS[position % len(COLOURS)],
            is_sample=True,
        )
    for row in rows:
        if row.get("parent"):
            pains[row["key"]].parent = pains[row["parent"]]
            pains[row["key"]].save(update_fields=["parent"])
    return pains


def _people(
    steps: dict[str, WorkflowStep], pains: dict[str, PainPoint], owner: User
) -> dict[str, Creator]:
    people = {}
    for row in _toml("creators.toml")["creator"]:
        login = None
        if row.get("portal_login"):
            login = User(username=row["portal_login"], first_name=row["name"])
            login.set_password(PASSWORD)
            login.save()
            Token.objects.create(user=login)
        creator = Creator.objects.create(
            name=row["name"],
            handle=row.get("handle", ""),
            platform=row.get("platform", ""),
            tier=row["tier"],
            status=row.get("status", "active"),
            language="en" if row.get("language") == "en" else "zh-hans",
            city=row.get("city", ""),
            followers=row.get("followers"),
            income_minor=_fen(row.get("income_month")),
            joined_on=row["joined"],
            note=row.get("note", ""),
            owner=owner,
            user=login,
            is_sample=True,
        )
        people[row["key"]] = creator
        for name in row.get("payer_names", []):
            PayerName.objects.create(creator=creator, name=name)
        _said_of_themselves(creator, row, steps, pains)
    return people


def _said_of_themselves(
    creator: Creator,
    row: dict[str, Any],
    steps: dict[str, WorkflowStep],
    pains: dict[str, PainPoint],
) -> None:
    for change in row.get("tier_change", []):
        TierChange.objects.create(
            creator=creator,
            tier=change["tier"],
            at=_moment(change["at"]),
            reason=change.get("reason", ""),
        )
    for use in row.get("tool", []):
        ToolUse.objects.create(
            creator=creator,
            tool=AiTool.objects.get_or_create(name=use["name"])[0],
            level=use["level"],
            satisfaction=use.get("satisfaction"),
            spend_minor=_fen(use.get("spend_month", 0)) or 0,
            first_heard=use.get("first_heard"),
        )
    for effort in row.get("step", []):
        StepEffort.objects.create(
            creator=creator,
            step=steps[effort["step"]],
            minutes=effort["minutes"],
            money_minor=_fen(effort.get("money", 0)) or 0,
            ai=effort["ai"],
            quality=effort.get("quality"),
        )
    for need in row.get("need", []):
        Need.objects.create(
            creator=creator,
            pain=pains[need["pain"]],
            tier=tier_at(creator, _moment(need["at"])),
            importance=need["importance"],
            satisfaction=need.get("satisfaction"),
            with_tool=need.get("with_tool", ""),
            too_cheap_minor=_fen(need.get("too_cheap")),
            cheap_minor=_fen(need.get("cheap")),
            expensive_minor=_fen(need.get("expensive")),
            too_expensive_minor=_fen(need.get("too_expensive")),
            at=_moment(need["at"]),
        )


def _studies() -> dict[str, Study]:
    studies = {}
    for row in _toml("studies.toml")["study"]:
        target = row.get("target_n", {})
        study = Study.objects.create(
            key=row["key"],
            title_zh=row["title_zh"],
            title_en=row.get("title_en", ""),
            question_zh=row.get("question_zh", ""),
            question_en=row.get("question_en", ""),
            target_head=target.get("head", 0),
            target_mid=target.get("mid", 0),
            target_entry=target.get("entry", 0),
        )
        studies[row["key"]] = study
        pairs = zip(row["guide_zh"], row["guide_en"], strict=True)
        for position, (chinese, english) in enumerate(pairs):
            GuideQuestion.objects.create(
                study=study, position=position, text_zh=chinese, text_en=english
            )
    return studies


def _interviews(
    people: dict[str, Creator],
    studies: dict[str, Study],
    pains: dict[str, PainPoint],
    staff: dict[str, User],
) -> None:
    for row in _toml("interviews.toml")["interview"]:
        creator = people[row["creator"]]
        report = interviews_import(
            data=(DATA / "interviews" / row["file"]).read_bytes(),
            name=row["file"],
            creator=creator,
            study=studies[row["study"]],
            at=_moment(row["at"]),
            language="en" if row.get("language") == "en" else "zh-hans",
            actor=staff["wang"],
            sample=True,
        )
        interview = report.interviews[0]
        interview.tier_then = row["tier_then"]
        interview.minutes = row.get("minutes")
        interview.paying_then = row.get("paying_then", interview.paying_then)
        interview.status = interview.Status.CODED
        interview.save()
        for purpose in row.get("consent", []):
            Consent.objects.create(
                creator=creator,
                interview=interview,
                purpose=purpose,
                channel=Consent.Channel.STAFF,
                at=interview.at,
                by=staff["wang"],
            )
        Asked.objects.bulk_create(
            [Asked(interview=interview, pain=pains[key]) for key in row.get("asked", [])]
        )
        _codings(interview, row.get("highlight", []), pains, staff)


def _codings(
    interview: Any, rows: list[dict[str, Any]], pains: dict[str, PainPoint], staff: dict[str, User]
) -> None:
    transcript = interview.transcripts.get()
    for row in rows:
        start = transcript.text.index(row["quote"])
        for key in row["pains"]:
            passage_tag(
                transcript=transcript,
                start=start,
                end=start + len(row["quote"]),
                quote=row["quote"],
                pain=pains[key],
                coder=staff[row.get("coder", "wang")],
                stance=row.get("stance", Evidence.Stance.FOR),
                severity=row.get("severity"),
                frequency=row.get("frequency", ""),
                workaround=row.get("workaround", "")[:240],
                spend_minor=_fen(row.get("spends")),
            )


def _features(pains: dict[str, PainPoint], staff: dict[str, User]) -> None:
    for row in _toml("features.toml")["feature"]:
        feature = Feature.objects.create(
            key=row["key"],
            title_zh=row["title_zh"],
            title_en=row["title_en"],
            step=row["pipeline_step"],
            status="justified" if row["status"] == "building" else row["status"],
            hypothesis_zh=row.get("hypothesis_zh", ""),
            hypothesis_en=row.get("hypothesis_en", ""),
            owner=staff["pm"],
            is_sample=True,
        )
        for item in row.get("justification", []):
            event = item.get("payment_event")
            Justification.objects.create(
                feature=feature,
                claim_zh=item["claim_zh"],
                claim_en=item.get("claim_en", ""),
                pain=pains[item["pain"]] if item.get("pain") else None,
                payment=_paid(event) if event else None,
            )
        for item in row.get("criterion", []):
            Criterion.objects.create(
                feature=feature,
                text_zh=item["text_zh"],
                text_en=item.get("text_en", ""),
                metric=item["metric"],
                tier="" if item.get("tier") in (None, "all") else item["tier"],
                minimum_n=item.get("minimum_n", 5),
                operator=item.get("operator", ">="),
                threshold=str(item["threshold"]),
                due=item.get("due"),
                locked_at=timezone.now() if row["status"] != "idea" else None,
            )
        for item in row.get("verdict", []):
            Verdict.objects.create(
                feature=feature,
                decision=item["decision"],
                why=item["why_zh"],
                numbers=item.get("numbers", {}),
                by=staff.get(item.get("by", "pm"), staff["pm"]),
                at=_moment(item["at"]),
            )


def _paid(order: str) -> Payment:
    """The charge of an order number as the bill prints it; the ledger adds a digest behind it."""
    return Payment.objects.get(object_id__startswith=f"{order}:", kind=Payment.Kind.CHARGE)


def _novel(creator: Creator) -> Run:
    """The sample novel with a run over its first chapters, so that there is a film to look at."""
    novel, _made = novel_upload(
        creator=creator,
        data=starter_text("zh-hans"),
        name=NOVEL,
        sample=True,
    )
    chapters = [item.index for item in _titled(novel)[:SAMPLE_CHAPTERS]]
    run, _made = run_start(novel=novel, token=SAMPLE_FORM, chapters=chapters, sample=True)
    return run


def _titled(novel: Novel) -> list[Any]:
    return list(novel.chapters.exclude(title="").order_by("index"))
