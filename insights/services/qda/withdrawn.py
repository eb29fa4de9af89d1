"""A file that waits for a yes may hold the words of somebody who withdraws: then it is forgotten."""

from collections.abc import Collection

from crm import audit
from crm.exceptions import DomainError
from crm.models import Creator, TranscriptVersion
from insights.exchange import Project, Source
from insights.models import ExternalId, QdaImport
from insights.services.qda.booking import qda_read
from insights.services.qda.uploads import HELD

LINES = 2  # from which their lengths tell one transcript from others


def uploads_forget(*, creator_id: int, interviews: Collection[int]) -> int:
    """Discard every waiting file with the interviews or the creator in it; how many there were.

    They are known by the GUIDs under which they went out or came in, by the creator's name as a
    case, and by the text: a blackened transcript has kept the lengths of its lines. A file that
    cannot be read any more is discarded as well.
    """
    ids = {
        str(guid)
        for guid in ExternalId.objects.filter(
            kind=ExternalId.Kind.INTERVIEW, object_id__in=interviews
        ).values_list("guid", flat=True)
    } | {
        str(guid)
        for guid in ExternalId.objects.filter(
            kind=ExternalId.Kind.CREATOR, object_id=creator_id
        ).values_list("guid", flat=True)
    }
    names = set(Creator.objects.filter(pk=creator_id).values_list("name", flat=True))
    texts = TranscriptVersion.objects.filter(interview__in=interviews)
    shapes = {_lengths(text) for text in texts.values_list("text", flat=True)}
    forgotten = 0
    for row in QdaImport.objects.select_for_update().filter(state__in=HELD):
        if _holds(row, ids, names, shapes):
            row.state, row.data, row.preview = QdaImport.State.DISCARDED, b"", {}
            row.save(update_fields=["state", "data", "preview"])
            audit.record("exchange.discarded", row, actor=None, data={"why": "withdrawn"})
            forgotten += 1
    return forgotten


def _holds(row: QdaImport, ids: set[str], names: set[str], shapes: set[tuple[int, ...]]) -> bool:
    try:
        project: Project = qda_read(bytes(row.data), row.name)
    except DomainError:
        return True
    return any(case.guid in ids or case.name in names for case in project.cases) or any(
        source.guid in ids or _shape(source) in shapes for source in project.sources
    )


def _shape(source: Source) -> tuple[int, ...] | None:
    """The lengths of the lines of what was said, without the speakers; None for a text too short."""
    said = [source.text[turn.start : turn.end] for turn in source.turns]
    found = _lengths("\n".join(said) if said else source.text)
    return found if len(found) >= LINES else None


def _lengths(text: str) -> tuple[int, ...]:
    return tuple(len(line) for line in text.split("\n"))
