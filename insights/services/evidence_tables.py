"""Every reading of a study's quotes as a table: for outside within the consents, or for the team."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import audit
from crm.models import Quoting, Study, User
from insights.exchange.tables import Cell, Table, write_table
from insights.models import Evidence, ExternalId
from insights.outward import Outside
from insights.remarks import remark_text
from insights.services.qda.ids import guids_of
from insights.services.telling import Tell, each_told, unheard


@dataclass(frozen=True)
class EvidenceFile:
    data: bytes
    name: str
    rows: int
    remarks: tuple[str, ...]


@transaction.atomic
def evidence_export(
    *,
    study: Study,
    format: str,
    team: bool = False,
    actor: User | None = None,
    tell: Tell = unheard,
) -> EvidenceFile:
    """The study's evidence as csv, xlsx, md or html; quotes that may not go out are counted.

    For `team` also what was never agreed to be quoted outside: such a file says so and stays here.
    """
    readings = Evidence.objects.filter(interview__study=study)
    wanted = readings.quotable() if team else readings.shareable()
    total = wanted.count()
    found = (
        wanted.select_related("pain__step", "coder", "creator", "highlight", "interview")
        .order_by("pain__title_zh", "tier", "pk")
        .iterator(chunk_size=500)
    )
    rows = list(each_told(found, tell, total=2 * total))
    hidden = {row.creator_id for row in rows if row.quoting == Quoting.ANONYMOUS}
    guids = guids_of(ExternalId.Kind.CREATOR, hidden)
    counts = {
        "withheld_quotes": readings.count() - len(rows),
        "team_only": sum(row.quoting == Quoting.UNASKED for row in rows),
        "pseudonyms": len(hidden),
    }
    remarks = tuple(
        remark_text({"code": code, "count": count, "detail": ""})
        for code, count in counts.items()
        if count
    )
    outside = Outside(rows)
    table = Table(
        title=study.title, columns=_columns(), remarks=remarks,
        rows=[_row(row, outside, guids) for row in each_told(rows, tell, total=2 * total, before=total)],
    )  # fmt: skip
    data = write_table(table, format)
    told = {"format": format, "rows": len(rows), "team": team}
    audit.record("study.exported", study, actor=actor, data=told)
    name = f"{study.key}-evidence{'-team' if team else ''}.{format}"
    return EvidenceFile(data, name, len(rows), remarks)


def _columns() -> list[str]:
    return [
        _("pain point"), _("workflow step"), _("stance"), _("quote"), _("creator"),
        _("tier then"), _("paying then"), _("time"), _("severity (1-5)"), _("frequency"),
        _("workaround"), _("spent on it a month (fen)"), _("coder"), _("from"), _("to"),
    ]  # fmt: skip


def _row(row: Evidence, outside: Outside, guids: dict[int, str]) -> list[Cell]:
    interview = row.interview
    text, name = row.highlight.text, row.creator.name
    if row.quoting != Quoting.UNASKED:  # which is here for the team alone
        code = guids.get(row.creator_id, "")[:6].upper()
        said = outside.said(row, alias=_("Creator %(code)s") % {"code": code})
        text, name = said.text, said.who
    paying = {True: _("yes"), False: _("no"), None: ""}[interview.paying_then]
    return [
        row.pain.title, row.pain.step.title if row.pain.step else "", row.get_stance_display(),
        text, name, row.get_tier_display(), paying,
        f"{timezone.localtime(interview.at):%Y-%m-%d}", row.severity,
        row.get_frequency_display() if row.frequency else "", outside.black(row, row.workaround),
        row.spend_minor,
        row.coder.first_name or row.coder.username, row.highlight.start, row.highlight.end,
    ]  # fmt: skip
