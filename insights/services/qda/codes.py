"""A code tree of a file ↔ pain points in both languages, with their steps."""

from collections.abc import Iterable, Mapping

from crm.models import User, WorkflowStep
from insights.exchange import Code, CodeSet, Project, walk_codes
from insights.exchange.markup import named_guid
from insights.models import ExternalId, PainPoint
from insights.services.qda.ids import Known

ENGLISH = "\n\n[English] "
STEP = "step:"
TITLE = PainPoint._meta.get_field("title_zh").max_length or 120


def description_of(pain: PainPoint) -> str:
    """Both languages in the one description that the format has."""
    if not pain.title_en and not pain.description_en:
        return pain.description_zh
    return f"{pain.description_zh}{ENGLISH}{pain.title_en}\n{pain.description_en}"


def split_description(text: str) -> tuple[str, str, str]:
    """(Chinese description, English title, English description) of `description_of`."""
    chinese, marker, english = text.partition(ENGLISH)
    if not marker:
        return text, "", ""
    title, _line, description = english.partition("\n")
    return chinese, title, description


def codes_out(pains: Iterable[PainPoint], guids: Mapping[int, str]) -> tuple[Code, ...]:
    """The tree of the given pain points; one whose parent is not among them stands at the top."""
    rows = {pain.pk: pain for pain in pains}
    below: dict[int | None, list[PainPoint]] = {}
    for pain in rows.values():
        parent = pain.parent_id if pain.parent_id in rows else None
        below.setdefault(parent, []).append(pain)

    def build(pain: PainPoint) -> Code:
        return Code(
            guid=guids[pain.pk],
            name=pain.title_zh,
            colour=pain.colour.lower(),
            description=description_of(pain),
            codable=pain.status == PainPoint.Status.OPEN,
            children=tuple(build(child) for child in below.get(pain.pk, ())),
        )

    return tuple(build(pain) for pain in below.get(None, ()))


def sets_out(pains: Iterable[PainPoint], guids: Mapping[int, str]) -> tuple[CodeSet, ...]:
    """A set of codes for every workflow step."""
    by_step: dict[str, list[PainPoint]] = {}
    for pain in pains:
        if pain.step is not None:
            by_step.setdefault(pain.step.key, []).append(pain)
    sets = []
    for key, members in sorted(by_step.items()):
        step = members[0].step
        if step is not None:
            sets.append(
                CodeSet(
                    guid=named_guid("step", key),
                    name=step.title_zh,
                    description=f"{STEP}{key}\n{step.title_en}",
                    codes=tuple(guids[pain.pk] for pain in members),
                )
            )
    return tuple(sets)


class Codes:
    """Pain points for a file's codes: by GUID, else by an open title, else new."""

    def __init__(self, project: Project, actor: User | None) -> None:
        self.rows: dict[str, PainPoint] = {}
        self.added = 0
        self.total = 0
        self._actor = actor
        self._ours = project.is_ours
        self._steps = _steps_of(project)
        pairs = list(walk_codes(project.codes))
        self._known = Known(ExternalId.Kind.PAIN, PainPoint, [code.guid for code, _up in pairs])
        there = PainPoint.objects.in_bulk(
            [pk for code, _up in pairs if (pk := self._known.get(code.guid)) is not None]
        )
        self._open = {pain.title_zh: pain for pain in PainPoint.objects.open()}
        self._used: set[int] = set()
        for code, parent in pairs:
            self.total += 1
            pk = self._known.get(code.guid)
            pain = there.get(pk) if pk is not None else None
            if pain is None:
                pain = self._by_title(code, parent)
            self._used.add(pain.pk)
            self._known.put(code.guid, pain.pk)
            self.rows[code.guid] = _final(pain)
        self._known.save()

    def _by_title(self, code: Code, parent: Code | None) -> PainPoint:
        title = _short(code.name or "—")
        known = self._open.get(title)
        if known is not None and known.pk not in self._used:
            return known
        if known is not None:
            # The same word under two parents is two codes; here titles are unique.
            title = self._free(f"{parent.name} / {code.name}" if parent else code.name)
        chinese, title_en, english = split_description(code.description)
        if len(code.name) > TITLE:
            chinese = f"{code.name}\n\n{chinese}".rstrip()
        retired = self._ours and not code.codable
        pain = PainPoint(
            title_zh=title,
            title_en=title_en[:160],
            description_zh=chinese,
            description_en=english,
            parent=self.rows.get(parent.guid) if parent else None,
            step=self._steps.get(code.guid),
            status=PainPoint.Status.RETIRED if retired else PainPoint.Status.OPEN,
            created_by=self._actor,
        )
        if code.colour:
            pain.colour = code.colour
        pain.save()
        self.added += 1
        if not retired:
            self._open[title] = pain
        return pain

    def _free(self, title: str) -> str:
        wanted, number = _short(title), 2
        while wanted in self._open:
            wanted = f"{_short(title, TITLE - 5)} ({number})"
            number += 1
        return wanted


def _short(text: str, length: int = TITLE) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"


def _final(pain: PainPoint) -> PainPoint:
    """Where a merged pain point's evidence goes now."""
    seen = {pain.pk}
    while pain.merged_into is not None and pain.merged_into_id not in seen:
        pain = pain.merged_into
        seen.add(pain.pk)
    return pain


def _steps_of(project: Project) -> dict[str, WorkflowStep]:
    """Code GUID → workflow step, from sets of ours; a step that is not here yet is added."""
    found: dict[str, WorkflowStep] = {}
    for row in project.sets:
        head, _line, english = row.description.partition("\n")
        if not head.startswith(STEP) or not row.name:
            continue
        step, _made = WorkflowStep.objects.get_or_create(
            key=head.removeprefix(STEP)[:50],
            defaults={"title_zh": row.name[:80], "title_en": (english or row.name)[:80]},
        )
        found |= dict.fromkeys(row.codes, step)
    return found
