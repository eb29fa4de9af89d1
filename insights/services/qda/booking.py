"""One file of another program, whole or not at all: users, codes, people, texts, evidence."""

import hashlib
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from crm import audit
from crm.exceptions import DomainError
from crm.models import Study, Tier, User
from insights.exchange import (
    ExchangeError,
    Missing,
    Project,
    Remark,
    coding_count,
    read,
    walk_codes,
)
from insights.models import QdaImport
from insights.remarks import refusal
from insights.services.qda.codes import Codes
from insights.services.qda.passages import Passages
from insights.services.qda.people import Coders, People
from insights.services.telling import Tell, each_told, unheard

STUDY = "study: "


@dataclass(frozen=True)
class QdaReport:
    """What of the file is in the house; `added` counts the rows that were not there before."""

    sources: int = 0
    codes: int = 0
    selections: int = 0
    codings: int = 0
    cases: int = 0
    missing: tuple[Missing, ...] = ()
    remarks: tuple[Remark, ...] = ()
    added: dict[str, int] = field(default_factory=dict)
    study: Study | None = None

    def as_json(self) -> dict[str, Any]:
        """For the row that keeps it; remarks stay codes, to be said in the reader's language."""
        return {
            "sources": self.sources,
            "codes": self.codes,
            "selections": self.selections,
            "codings": self.codings,
            "cases": self.cases,
            "added": self.added,
            "missing": [vars(item) for item in self.missing],
            "remarks": [vars(item) for item in self.remarks],
        }


def qda_read(data: bytes, name: str) -> Project:
    """The file as rows; raises `DomainError` naming file, place and remedy."""
    try:
        return read(data, name)
    except ExchangeError as error:
        raise DomainError(f"{name}: {refusal(error)}", code=error.code) from error


def qda_outline(project: Project) -> QdaReport:
    """What the file holds, without touching a row."""
    return QdaReport(
        sources=len(project.sources),
        codes=sum(1 for _code in walk_codes(project.codes)),
        selections=sum(len(source.selections) for source in project.sources),
        codings=coding_count(project),
        cases=len(project.cases),
        missing=project.missing,
        remarks=project.remarks,
    )


@transaction.atomic
def qda_import(
    *,
    data: bytes,
    name: str,
    tier: str = Tier.ENTRY,
    study: Study | None = None,
    actor: User | None = None,
) -> QdaReport:
    """Read a file and book it at once; the same file again adds nothing."""
    project = qda_read(data, name)
    row = QdaImport.objects.create(
        name=name[:255],
        sha256=hashlib.sha256(data).hexdigest(),
        origin=project.origin[:120],
        state=QdaImport.State.BOOKED,
        tier=tier,
        by=actor,
    )
    return project_book(project=project, row=row, tier=tier, study=study, actor=actor)


@transaction.atomic
def project_book(
    *,
    project: Project,
    row: QdaImport,
    tier: str,
    study: Study | None,
    actor: User | None,
    tell: Tell = unheard,
) -> QdaReport:
    """Everything usable of a project into the house, recorded on the import's row."""
    study = study or _study(project)
    codes = Codes(project, actor)
    coders = Coders(project, actor)
    people = People(project, tier=tier, actor=actor)
    for case in project.cases:
        if case.name:
            people.of_case(case)
    passages = Passages(
        project, codes=codes, coders=coders, people=people, study=study, name=row.name, actor=actor
    )
    for source in each_told(project.sources, tell, total=len(project.sources)):
        passages.book(source)
    for part in (coders, people, passages):
        part.save()
    counts = passages.counts
    remarks = [*project.remarks]
    remarks += [Remark(code, count) for code, count in sorted(counts.left_out.items()) if count]
    if people.shared:
        remarks.append(Remark("shared_sources", people.shared))
    if people.guessed_tier:
        remarks.append(Remark("guessed_tier", people.guessed_tier, str(Tier(tier).label)))
    again = counts.held["sources"] - counts.added["sources"]
    if again:
        remarks.append(Remark("known_sources", again))
    report = QdaReport(
        sources=counts.held["sources"],
        codes=codes.total,
        selections=counts.held["selections"],
        codings=counts.held["codings"],
        cases=len(project.cases),
        missing=project.missing,
        remarks=tuple(remarks),
        added={
            "sources": counts.added["sources"],
            "codes": codes.added,
            "creators": people.added,
            "coders": coders.added,
            "selections": counts.added["selections"],
            "codings": counts.added["codings"],
        },
        study=study,
    )
    row.study, row.report = study, report.as_json()
    row.save(update_fields=["study", "report"])
    audit.record("exchange.imported", row, actor=actor, data={"file": row.name, **report.added})
    return report


def _study(project: Project) -> Study | None:
    """The study that the file says it is, or one in the project's name; none without texts."""
    if not project.sources:
        return None
    named = project.description.partition("\n")[0].removeprefix(STUDY).strip()
    key = named if project.is_ours and project.description.startswith(STUDY) else ""
    if not key:
        digest = hashlib.sha256(f"{project.origin}\n{project.name}".encode()).hexdigest()[:8]
        key = f"{slugify(project.name)[:36] or 'qda'}-{digest}"
    study, _made = Study.objects.get_or_create(
        key=slugify(key)[:50] or "qda", defaults={"title_zh": project.name[:160] or key}
    )
    return study
