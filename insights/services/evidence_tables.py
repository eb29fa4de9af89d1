"""Every reading of a study's quotes as a table that leaves the house, within the consents."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import audit
from crm.models import Interview, Quoting, Study, User
from insights.exchange.tables import Cell, Table, write_table
from insights.models import Evidence, ExternalId
from insights.remarks import remark_text
from insights.services.qda.ids import guids_of


@dataclass(frozen=True)
class EvidenceFile:
    data: bytes
    name: str
    rows: int
    remarks: tuple[str, ...]


@transaction.atomic
def evidence_export(*, study: Study, format: str, actor: User | None = None) -> EvidenceFile:
    """The study's evidence as csv, xlsx, md or html; quotes that may not go out are counted."""
    readings = Evidence.objects.filter(highlight__transcript__interview__study=study)
    rows = list(
        readings.quotable()
        .select_related(
            "pain__step", "coder", "creator", "highlight__transcript__interview__creator"
        )
        .order_by("pain__title_zh", "tier", "pk")
    )
    hidden = {
        row.creator_id
        for row in rows
        if row.highlight.transcript.interview.quoting == Quoting.ANONYMOUS
    }
    guids = guids_of(ExternalId.Kind.CREATOR, hidden)
    counts = {"withheld_quotes": readings.count() - len(rows), "pseudonyms": len(hidden)}
    remarks = tuple(
        remark_text({"code": code, "count": count, "detail": ""})
        for code, count in counts.items()
        if count
    )
    table = Table(
        title=study.title, columns=_columns(), remarks=remarks,
        rows=[_row(row, guids) for row in rows],
    )  # fmt: skip
    data = write_table(table, format)
    audit.record("study.exported", study, actor=actor, data={"format": format, "rows": len(rows)})
    return EvidenceFile(data, f"{study.key}-evidence.{format}", len(rows), remarks)


def _columns() -> list[str]:
    return [
        _("pain point"), _("workflow step"), _("stance"), _("quote"), _("creator"),
        _("tier then"), _("paying then"), _("time"), _("severity (1-5)"), _("frequency"),
        _("workaround"), _("spent on it a month (fen)"), _("coder"), _("from"), _("to"),
    ]  # fmt: skip


def _row(row: Evidence, guids: dict[int, str]) -> list[Cell]:
    interview: Interview = row.highlight.transcript.interview
    hidden = guids.get(row.creator_id)
    name = _("Creator %(code)s") % {"code": hidden[:6].upper()} if hidden else row.creator.name
    paying = {True: _("yes"), False: _("no"), None: ""}[interview.paying_then]
    return [
        row.pain.title, row.pain.step.title if row.pain.step else "", row.get_stance_display(),
        row.highlight.text, name, row.get_tier_display(), paying,
        f"{timezone.localtime(interview.at):%Y-%m-%d}", row.severity,
        row.get_frequency_display() if row.frequency else "", row.workaround, row.spend_minor,
        row.coder.first_name or row.coder.username, row.highlight.start, row.highlight.end,
    ]  # fmt: skip
