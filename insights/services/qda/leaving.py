"""A study as a REFI-QDA project, the codebook as .qdc: only what the consents allow goes out.

A project is a working file of the team: whole transcripts are in it. The one for others has the
passages that may be quoted outside alone, everything else that was said is black.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.db.models import Prefetch
from django.utils.translation import gettext as _

from crm import audit
from crm.models import Creator, Interview, Quoting, Study, TranscriptVersion, User
from insights.exchange import (
    Case,
    Coding,
    Layout,
    Missing,
    Project,
    Remark,
    Selection,
    Source,
    Turn,
    Variable,
    coding_count,
    walk_codes,
    write_codebook,
    write_project,
)
from insights.exchange import User as Coder
from insights.exchange.markup import named_guid
from insights.exchange.turns import show
from insights.models import (
    Asked,
    Evidence,
    ExternalId,
    Highlight,
    PainPoint,
    QuoteLevel,
    narrowed,
)
from insights.outward import BLACK, SHARED, Cover, is_name, names_of
from insights.services.qda.booking import STUDY
from insights.services.qda.codes import codes_out, sets_out
from insights.services.qda.ids import guids_of
from insights.services.telling import Tell, each_told, unheard

VARIABLES = tuple(
    Variable(named_guid("variable", name), name, kind)
    for name, kind in (
        ("tier", "Text"),
        ("platform", "Text"),
        ("language", "Text"),
        ("status", "Text"),
        ("city", "Text"),
        ("followers", "Integer"),
        ("tier_then", "Text"),
        ("paying_then", "Boolean"),
        ("held_at", "DateTime"),
        ("minutes", "Integer"),
    )
)
_NAME = 60  # code points of a passage that stand as its name


@dataclass(frozen=True)
class Exported:
    """A file with what is in it and what stayed here."""

    data: bytes
    name: str
    sources: int = 0
    codes: int = 0
    selections: int = 0
    codings: int = 0
    cases: int = 0
    missing: tuple[Missing, ...] = ()
    remarks: tuple[Remark, ...] = ()

    def counts(self) -> dict[str, int]:
        return {
            "sources": self.sources,
            "codes": self.codes,
            "selections": self.selections,
            "codings": self.codings,
            "cases": self.cases,
        }


@dataclass
class Leaving:
    """What is gathered while the interviews are walked."""

    guids: dict[str, dict[int, str]]
    names: dict[int, str]
    asked: dict[int, list[int]]
    targets: dict[int, int]
    outside: bool = False
    called: dict[int, set[str]] = field(default_factory=dict)
    left_out: Counter[str] = field(default_factory=Counter)
    missing: list[Missing] = field(default_factory=list)


@transaction.atomic
def codebook_export(*, study: Study, actor: User | None = None) -> Exported:
    """The open pain points with their tree, steps, colours and both languages as .qdc."""
    pains = list(_with_parents(PainPoint.objects.open()))
    guids = guids_of(ExternalId.Kind.PAIN, [pain.pk for pain in pains])
    project = Project(
        name=study.title_zh, codes=codes_out(pains, guids), sets=sets_out(pains, guids)
    )
    done = Exported(write_codebook(project), f"{study.key}.qdc", codes=len(pains))
    audit.record("study.exported", study, actor=actor, data={"format": "qdc", **done.counts()})
    return done


@transaction.atomic
def study_export(
    *,
    study: Study,
    times: bool = False,
    outside: bool = False,
    actor: User | None = None,
    tell: Tell = unheard,
) -> Exported:
    """Every interview of the study with its quotes, coders, creators and codebook as .qdpx."""
    project, missing, remarks = study_project(study, outside=outside, tell=tell)
    done = Exported(
        data=write_project(project, times=times),
        name=f"{study.key}{'-outside' if outside else ''}.qdpx",
        sources=len(project.sources),
        codes=sum(1 for _code in walk_codes(project.codes)),
        selections=sum(len(source.selections) for source in project.sources),
        codings=coding_count(project),
        cases=len(project.cases),
        missing=missing,
        remarks=remarks,
    )
    told = {"format": "qdpx", "team": not outside, **done.counts()}
    audit.record("study.exported", study, actor=actor, data=told)
    return done


def study_project(
    study: Study, *, outside: bool = False, tell: Tell = unheard
) -> tuple[Project, tuple[Missing, ...], tuple[Remark, ...]]:
    """The study's rows as a project, what has no text, and what the consents keep here."""
    everyone = list(
        Interview.objects.filter(study=study).select_related("creator").order_by("at", "pk")
    )
    interviews = [
        item for item in everyone if item.usable and (not outside or item.quoting in SHARED)
    ]
    versions = _versions(interviews)
    used = {
        item.pain_id
        for version in versions.values()
        for row in version.highlights.all()
        for item in row.evidence.all()
    }
    asked = defaultdict(list)
    came_to = Asked.objects.filter(interview__in=interviews).order_by("pk")
    for interview_id, pain_id in came_to.values_list("interview_id", "pain_id"):
        asked[interview_id].append(pain_id)
        used.add(pain_id)
    pains, targets = _pains(used)
    hidden = _names(interviews)
    leaving = Leaving(
        _guids(interviews, pains, versions), hidden, asked, targets, outside, names_of(hidden)
    )
    leaving.left_out["withheld_interviews"] = sum(not item.usable for item in everyone)
    unasked = sum(item.usable and item.quoting not in SHARED for item in everyone)
    leaving.left_out["unshared_interviews" if outside else "team_only_interviews"] = unasked
    sources: dict[int, Source] = {}
    for interview in each_told(interviews, tell, total=len(interviews) + 1):
        version = versions.get(interview.pk)
        if version is None:
            leaving.missing.append(Missing(str(interview), "", "no_text"))
            leaving.left_out["no_transcript"] += 1
        else:
            sources[interview.pk] = _source(interview, version, leaving)
    leaving.left_out["older_versions"] = _older(interviews, versions)
    leaving.left_out["pseudonyms"] = len(leaving.names)
    coders = _coders(sources.values(), leaving)
    project = Project(
        name=study.title_zh,
        description=f"{STUDY}{study.key}\n{study.question_zh}".rstrip(),
        at=_utc(study.created_at),
        users=coders,
        codes=codes_out(pains, leaving.guids[ExternalId.Kind.PAIN]),
        variables=VARIABLES,
        cases=_cases(interviews, sources, leaving),
        sources=tuple(sources.values()),
        sets=sets_out(pains, leaving.guids[ExternalId.Kind.PAIN]),
    )
    remarks = [Remark(code, count) for code, count in sorted(leaving.left_out.items()) if count]
    return project, tuple(leaving.missing), tuple(remarks)


def _versions(interviews: Sequence[Interview]) -> dict[int, TranscriptVersion]:
    """The newest transcript of each interview with turns, highlights and readings: five queries."""
    rows = (
        TranscriptVersion.objects.filter(interview__in=interviews)
        .order_by("interview_id", "-version")
        .distinct("interview_id")
        .prefetch_related(
            "utterances",
            Prefetch("highlights", Highlight.objects.select_related("author")),
            Prefetch(
                "highlights__evidence",
                Evidence.objects.select_related("coder").order_by("pk"),
            ),
        )
    )
    return {row.interview_id: row for row in rows}


def _older(interviews: Sequence[Interview], newest: dict[int, TranscriptVersion]) -> int:
    return (
        Highlight.objects.filter(transcript__interview__in=interviews)
        .exclude(transcript__in=[row.pk for row in newest.values()])
        .count()
    )


def _with_parents(pains: Iterable[PainPoint]) -> Iterable[PainPoint]:
    """The pain points and everything above them."""
    rows = {pain.pk: pain for pain in PainPoint.objects.select_related("step")}
    wanted: dict[int, PainPoint] = {}
    for pain in pains:
        up: int | None = pain.pk
        while up is not None and up not in wanted and up in rows:
            wanted[up] = rows[up]
            up = rows[up].parent_id
    return sorted(wanted.values(), key=lambda pain: (pain.title_zh, pain.pk))


def _pains(used: set[int]) -> tuple[list[PainPoint], dict[int, int]]:
    """The codes that go out, and for each used pain point the one that its evidence counts for."""
    rows = PainPoint.objects.in_bulk()
    targets = {}
    for pk in used:
        final = rows[pk]
        seen = {pk}
        while final.merged_into_id is not None and final.merged_into_id not in seen:
            final = rows[final.merged_into_id]
            seen.add(final.pk)
        targets[pk] = final.pk
    there = [row for row in rows.values() if row.status == PainPoint.Status.OPEN]
    there += [rows[pk] for pk in targets.values()]
    return list(_with_parents(there)), targets


def _guids(
    interviews: Sequence[Interview],
    pains: Sequence[PainPoint],
    versions: dict[int, TranscriptVersion],
) -> dict[str, dict[int, str]]:
    coders = {
        pk
        for version in versions.values()
        for row in version.highlights.all()
        for pk in (row.author_id, *(item.coder_id for item in row.evidence.all()))
        if pk is not None
    }
    kinds = ExternalId.Kind
    return {
        kinds.INTERVIEW: guids_of(kinds.INTERVIEW, [item.pk for item in interviews]),
        kinds.CREATOR: guids_of(kinds.CREATOR, [item.creator_id for item in interviews]),
        kinds.PAIN: guids_of(kinds.PAIN, [pain.pk for pain in pains]),
        kinds.USER: guids_of(kinds.USER, coders),
    }


def _names(interviews: Sequence[Interview]) -> dict[int, str]:
    """Creator → the code that stands for whoever did not agree to be named."""
    hidden = sorted(
        {
            item.creator_id
            for item in interviews
            if item.quoting in (Quoting.ANONYMOUS, Quoting.WITHDRAWN)
        }
        | set(
            Evidence.objects.filter(interview__in=interviews, held=QuoteLevel.NAMELESS)
            .order_by()
            .values_list("creator_id", flat=True)
        )
    )
    guids = guids_of(ExternalId.Kind.CREATOR, hidden)
    return {pk: _("Creator %(code)s") % {"code": guids[pk][:6].upper()} for pk in hidden}


def _name(creator: Creator, leaving: Leaving) -> str:
    return leaving.names.get(creator.pk, creator.name)


def _source(interview: Interview, version: TranscriptVersion, leaving: Leaving) -> Source:
    guid = leaving.guids[ExternalId.Kind.INTERVIEW][interview.pk]
    name = _name(interview.creator, leaving)
    cover = _cover(interview, version, leaving)
    text, layout = _shown(interview, version, cover, leaving)
    pains = leaving.guids[ExternalId.Kind.PAIN]
    return Source(
        guid=guid,
        name=f"{name} {interview.at.astimezone(UTC):%Y-%m-%d}",
        text=text,
        selections=tuple(_selections(interview, version, layout, guid, cover, leaving)),
        codings=tuple(
            Coding(named_guid(guid, "asked", str(pain)), pains[pain])
            for pain in dict.fromkeys(
                leaving.targets[pk] for pk in leaving.asked.get(interview.pk, ())
            )
        ),
        values=_values(
            tier_then=interview.tier_then,
            paying_then=None
            if interview.paying_then is None
            else str(interview.paying_then).lower(),
            held_at=_utc(interview.at),
            minutes=interview.minutes,
            language=interview.language,
        ),
        turns=layout.turns,
        at=_utc(version.created_at),
    )


def _cover(interview: Interview, version: TranscriptVersion, leaving: Leaving) -> Cover:
    """What blackens the names of whoever is not named; in a project for outside also how the
    transcript calls its speakers."""
    labels = {item.speaker for item in version.utterances.all() if is_name(item.speaker)}
    called = leaving.called.get(interview.creator_id)
    return Cover(called | (labels if leaving.outside else set()) if called else ())


def _shown(
    interview: Interview, version: TranscriptVersion, cover: Cover, leaving: Leaving
) -> tuple[str, Layout]:
    """The transcript with the speakers' names; a creator's own name gives way to their code."""
    said = version.text if not leaving.outside else _shared_only(version, interview, cover)
    code = leaving.names.get(interview.creator_id, "")
    own = Cover(leaving.called.get(interview.creator_id, ()))
    speeches = [
        (
            code if own(item.speaker) != item.speaker else cover(item.speaker),
            said[item.start : item.end],
            item.start_ms,
            item.end_ms,
        )
        for item in version.utterances.all()
    ]
    if "\n".join(words for _speaker, words, _start, _end in speeches) != said:
        return said, Layout.of([Turn(0, 0, len(said))])
    return show(speeches)


def _shared_only(version: TranscriptVersion, interview: Interview, cover: Cover) -> str:
    """The transcript, as long as before, with every character black that is in no quote for outside."""
    black = "".join("\n" if letter == "\n" else BLACK for letter in version.text)
    pieces, at = [], 0
    for row in sorted(version.highlights.all(), key=lambda row: row.start):
        start = max(at, row.start)
        if start >= row.end or not _may_leave(row, interview):
            continue
        # Covered whole, so that no name is halved where two passages meet.
        words = cover(row.text)[start - row.start :]
        pieces += [black[at:start], words]
        at = row.end
    return "".join([*pieces, black[at:]])


def _may_leave(row: Highlight, interview: Interview) -> bool:
    """Whether every coding of it may be quoted outside; what nobody has coded is no quote."""
    codings = list(row.evidence.all())
    return bool(codings) and all(narrowed(interview.quoting, one.held) in SHARED for one in codings)


def _selections(
    interview: Interview,
    version: TranscriptVersion,
    layout: Layout,
    guid: str,
    cover: Cover,
    leaving: Leaving,
) -> Iterable[Selection]:
    users, pains = leaving.guids[ExternalId.Kind.USER], leaving.guids[ExternalId.Kind.PAIN]
    for row in version.highlights.all():
        kept = interview.quoting == Quoting.WITHDRAWN or any(
            item.held == QuoteLevel.NOWHERE for item in row.evidence.all()
        )
        if kept or (leaving.outside and not _may_leave(row, interview)):
            leaving.left_out["withheld_quotes"] += 1
            continue
        start, end = layout.to_shown(row.start, row.end)
        key = named_guid(guid, "passage", str(row.start), str(row.end))
        yield Selection(
            guid=key,
            start=start,
            end=end,
            name=" ".join(cover(row.text)[:_NAME].split()),
            user=users[row.author_id] if row.author_id else "",
            at=_utc(row.created_at),
            codings=tuple(
                Coding(
                    guid=named_guid(key, pains[pain], users[item.coder_id]),
                    code=pains[pain],
                    user=users[item.coder_id],
                    at=_utc(item.created_at),
                    reading=_reading(item, cover if leaving.outside else Cover(())),
                )
                for item in row.evidence.all()
                for pain in [leaving.targets[item.pain_id]]
            ),
        )


def _reading(item: Evidence, cover: Cover) -> dict[str, str]:
    """What a coding cannot say by itself; a plain coding for the pain point needs no words."""
    reading = _values(
        severity=item.severity,
        frequency=item.frequency,
        workaround=cover(item.workaround),
        spend_minor=item.spend_minor,
    )
    if item.stance == Evidence.Stance.FOR:
        return reading
    return {"stance": item.stance, **reading}


def _values(**values: Any) -> dict[str, str]:
    return {name: str(value) for name, value in values.items() if value not in (None, "")}


def _cases(
    interviews: Sequence[Interview], sources: dict[int, Source], leaving: Leaving
) -> tuple[Case, ...]:
    by_creator: dict[int, list[Interview]] = defaultdict(list)
    for item in interviews:
        if item.pk in sources:
            by_creator[item.creator_id].append(item)
    return tuple(
        Case(
            guid=leaving.guids[ExternalId.Kind.CREATOR][pk],
            name=_name(held[0].creator, leaving),
            values=_facts(held[0].creator, named=pk not in leaving.names),
            sources=tuple(sources[item.pk].guid for item in held),
        )
        for pk, held in by_creator.items()
    )


def _facts(creator: Creator, *, named: bool) -> dict[str, str]:
    """Variables of a creator; what could tell who it is goes out with the name only."""
    facts = _values(
        tier=creator.tier,
        platform=creator.platform,
        language=creator.language,
        status=creator.status,
    )
    return facts | (_values(city=creator.city, followers=creator.followers) if named else {})


def _coders(sources: Iterable[Source], leaving: Leaving) -> tuple[Coder, ...]:
    used = {
        guid
        for source in sources
        for selection in source.selections
        for guid in (selection.user, *(coding.user for coding in selection.codings))
    }
    users = {pk: guid for pk, guid in leaving.guids[ExternalId.Kind.USER].items() if guid in used}
    rows = User.objects.in_bulk(users)
    return tuple(
        Coder(guid, rows[pk].first_name or rows[pk].username) for pk, guid in sorted(users.items())
    )


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
