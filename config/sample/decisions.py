"""What the sample workspace decided: cases, an answer to creators, relief, and the alarm's settings."""

import tomllib
from pathlib import Path
from typing import Any

from crm.models import AiTool, Creator, User, WorkflowStep
from generation.models import AlarmPolicy, Feature, ProjectCase, Relief
from generation.services.alarm import alarm_check
from generation.services.answers import feature_answer
from generation.services.cases import case_save, forecast_add
from insights.models import PainPoint

DATA = Path(__file__).resolve().parent / "data" / "decisions.toml"
OWN_TOOL = "Pingju"
LISTENER = "pm@example.org"


def load_decisions(
    staff: dict[str, User], people: dict[str, Creator], pains: dict[str, PainPoint]
) -> None:
    """After people, interviews, payments and features are there."""
    with DATA.open("rb") as file:
        rows = tomllib.load(file)
    steps = {step.key: step for step in WorkflowStep.objects.all()}
    features = {feature.key: feature for feature in Feature.objects.filter(is_sample=True)}
    for row in rows["case"]:
        _case(row, steps, features, staff)
    for row in rows["answer"]:
        feature_answer(
            feature=features[row["feature"]],
            kind=row["kind"],
            text_zh=row["text_zh"],
            text_en=row["text_en"],
            actor=staff[row["by"]],
        )
    for row in rows["relief"]:
        Relief.objects.get_or_create(
            creator=people[row["creator"]],
            feature=features[row["feature"]],
            pain=pains[row["pain"]],
            defaults={"before": row["before"], "after": row["after"]},
        )
    staff["pm"].email = LISTENER
    staff["pm"].save(update_fields=["email"])
    policy = AlarmPolicy.objects.create(pk=1, own_tool=AiTool.objects.get(name=OWN_TOOL))
    policy.listeners.add(staff["pm"])
    alarm_check(force=True)


def _case(
    row: dict[str, Any],
    steps: dict[str, WorkflowStep],
    features: dict[str, Feature],
    staff: dict[str, User],
) -> None:
    texts = {
        name: str(row.get(name, ""))
        for name in (
            "title_zh", "title_en", "ceiling_zh", "ceiling_en", "cut_in_zh", "cut_in_en",
            "trial_zh", "trial_en", "resolved_why",
        )
    }  # fmt: skip
    case = ProjectCase(
        **texts,
        step=steps[row["step"]],
        feature=features.get(row.get("feature", "")),
        status=row["status"],
        ceiling_by=row["ceiling_by"],
        trial_minor=row.get("trial", 0) * 100,
        trial_days=row.get("trial_days", 0),
        build_minor=row.get("build", 0) * 100,
        owner=staff["pm"],
        is_sample=True,
    )
    case_save(case=case, actor=staff["pm"], changed=["title_zh"])
    for forecast in row["forecast"]:
        forecast_add(
            case=case,
            percent=forecast["percent"],
            why=forecast["why"],
            actor=staff[forecast["by"]],
            at=forecast["at"],
        )
    if "came_true" in row:
        case.came_true, case.resolved_on = bool(row["came_true"]), row["resolved_on"]
        case_save(case=case, actor=staff["pm"], changed=["came_true", "resolved_on"])
