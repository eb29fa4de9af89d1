"""What the sample creators told in the portal by themselves, and the points they placed."""

import tomllib
from pathlib import Path

from crm.models import Creator, User
from generation.models import Feature
from generation.services.votes import votes_cast
from insights.models import PainPoint
from insights.services.voice import pain_report, report_decline, report_join, top_pains_choose

DATA = Path(__file__).resolve().parent / "data" / "voice.toml"


def load_voice(
    people: dict[str, Creator], pains: dict[str, PainPoint], staff: dict[str, User]
) -> None:
    with DATA.open("rb") as file:
        rows = tomllib.load(file)
    for number, row in enumerate(rows["report"]):
        report, _new = pain_report(
            creator=people[row["creator"]],
            words=row["words"],
            importance=row["importance"],
            satisfaction=row.get("satisfaction"),
            pain=None,
            token=f"sample-{number}",
        )
        answer, by = row.get("answer", ""), staff["pm"]
        if row.get("pain"):
            report_join(report=report, pain=pains[row["pain"]], answer=answer, actor=by)
        elif answer:
            report_decline(report=report, answer=answer, actor=by)
    for key, chosen in rows["top"].items():
        top_pains_choose(creator=people[key], pains=[pains[name] for name in chosen])
    features = {row.key: row for row in Feature.objects.filter(key__in=rows["votes"]["open"])}
    Feature.objects.filter(key__in=features).update(open_to_votes=True)
    for key, points in rows["votes"]["points"].items():
        votes_cast(creator=people[key], points={features[name].pk: n for name, n in points.items()})
