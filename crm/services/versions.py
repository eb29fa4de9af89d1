"""Versions of a transcript: written once, corrected by a new one, with what hangs on it carried over.

Rooms that point into a transcript put a function into `CARRIES` when their app starts.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from crm import audit
from crm.exceptions import DomainError
from crm.models import Interview, TranscriptVersion, User, Utterance
from crm.transcripts.anchoring import Anchors, joined

LONGEST = 20_000  # characters of one turn


@dataclass(frozen=True)
class Speech:
    """One turn; times in milliseconds from the start."""

    speaker: str
    text: str
    start_ms: int | None = None
    end_ms: int | None = None


@dataclass(frozen=True)
class Carried:
    """What became of passages when a new version was made: ids of highlights.

    `moved` are as they were, `changed` follow a correction inside them, `lost` stay with the old
    version until somebody places them anew or takes them back.
    """

    moved: list[int] = field(default_factory=list)
    changed: list[int] = field(default_factory=list)
    lost: list[int] = field(default_factory=list)


Carry = Callable[[TranscriptVersion, TranscriptVersion, Anchors], Carried]
CARRIES: list[Carry] = []


class VersionMoved(DomainError):
    """Somebody saved another version meanwhile. `theirs` is the turn as it is now, `merged` both
    corrections in one where they do not touch; None where the turn cannot be compared."""

    def __init__(
        self, newest: TranscriptVersion, *, theirs: str | None, merged: str | None
    ) -> None:
        who = newest.created_by
        name = (who.first_name or who.username) if who else "?"
        super().__init__(
            _("%(who)s has saved version %(version)s meanwhile; yours is not saved yet.")
            % {"who": name, "version": newest.version},
            "version_moved",
        )
        self.newest = newest
        self.theirs = theirs
        self.merged = merged


def version_store(
    *,
    interview: Interview,
    speeches: Sequence[Speech],
    format: str,
    version: int = 1,
    actor: User | None = None,
    **facts: Any,
) -> TranscriptVersion:
    """Write a version with its turns, joined by LF to the character; in the caller's transaction."""
    text = "\n".join(item.text for item in speeches)
    made = TranscriptVersion.objects.create(
        interview=interview,
        version=version,
        text=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        format=format,
        created_by=actor,
        **facts,
    )
    rows, start = [], 0
    for index, item in enumerate(speeches):
        end = start + len(item.text)
        rows.append(
            Utterance(
                transcript=made,
                index=index,
                speaker=item.speaker[:80],
                start_ms=item.start_ms,
                end_ms=item.end_ms,
                start=start,
                end=end,
                text=item.text,
            )
        )
        start = end + 1
    Utterance.objects.bulk_create(rows, batch_size=2000)
    return made


@transaction.atomic
def version_add(
    *,
    interview: Interview,
    speeches: Sequence[Speech],
    format: str,
    actor: User | None,
    source_name: str = "",
) -> tuple[TranscriptVersion, Carried]:
    """A new version after the newest, or the first; passages of the newest are carried over."""
    held = Interview.objects.select_for_update(of=("self",)).get(pk=interview.pk)
    if not held.usable:
        raise DomainError(_("Consent to use this interview was withdrawn."), "withdrawn")
    if not any(item.text for item in speeches):
        raise DomainError(_("There is nothing said in it."), "nothing_said")
    before = held.transcripts.order_by("-version").first()
    made = version_store(
        interview=held,
        speeches=speeches,
        format=format,
        version=before.version + 1 if before else 1,
        actor=actor,
        source_name=source_name or (before.source_name if before else ""),
    )
    carried = _carry(before, made) if before else Carried()
    audit.record(
        "transcript.version_added",
        held,
        actor=actor,
        data={
            "version": made.version, "format": format, "sha256": made.sha256,
            "moved": len(carried.moved), "changed": carried.changed, "lost": carried.lost,
        },
    )  # fmt: skip
    return made, carried


def _carry(before: TranscriptVersion, made: TranscriptVersion) -> Carried:
    anchors = Anchors(before.text, made.text)
    total = Carried()
    for carry in CARRIES:
        part = carry(before, made, anchors)
        total.moved.extend(part.moved)
        total.changed.extend(part.changed)
        total.lost.extend(part.lost)
    return total


@transaction.atomic
def utterance_edit(
    *, base: TranscriptVersion, index: int, text: str, actor: User, speaker: str | None = None
) -> tuple[TranscriptVersion, Carried]:
    """Correct one turn of the version that the person saw. Raises `VersionMoved` where it is not
    the newest any more, `DomainError` where there is nothing to save."""
    Interview.objects.select_for_update(of=("self",)).get(pk=base.interview_id)
    words = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").strip()
    if not words:
        raise DomainError(_("A turn cannot be empty."), "empty")
    if len(words) > LONGEST:
        raise DomainError(_("A turn has at most %(n)s characters.") % {"n": LONGEST}, "too_long")
    newest = _newest(base)
    if newest.pk != base.pk:
        raise _moved(base, newest, index, words)
    speeches = speeches_of(base)
    if not 0 <= index < len(speeches):
        raise DomainError(_("This turn is not in the transcript; reload the page."), "no_turn")
    who = speeches[index].speaker if speaker is None else " ".join(speaker.split())[:80]
    wanted = replace(speeches[index], text=words, speaker=who)
    if wanted == speeches[index]:
        raise DomainError(_("Nothing was changed."), "unchanged")
    speeches[index] = wanted
    return version_add(interview=base.interview, speeches=speeches, format="edited", actor=actor)


@transaction.atomic
def speakers_rename(
    *, base: TranscriptVersion, names: Mapping[str, str], actor: User
) -> tuple[TranscriptVersion, Carried]:
    """Give speakers other names; two that become one are merged. Raises as `utterance_edit`."""
    Interview.objects.select_for_update(of=("self",)).get(pk=base.interview_id)
    newest = _newest(base)
    if newest.pk != base.pk:
        raise VersionMoved(newest, theirs=None, merged=None)
    before = speeches_of(base)
    clean = {old: " ".join(new.split())[:80] for old, new in names.items()}
    after = [replace(item, speaker=clean.get(item.speaker) or item.speaker) for item in before]
    if after == before:
        raise DomainError(_("Nothing was changed."), "unchanged")
    return version_add(interview=base.interview, speeches=after, format="edited", actor=actor)


@transaction.atomic
def version_restore(
    *, version: TranscriptVersion, actor: User | None
) -> tuple[TranscriptVersion, Carried]:
    """Make an older version the newest again, as a version of its own; passages that were lost since
    are found again. Raises `DomainError` where the newest says the same."""
    Interview.objects.select_for_update(of=("self",)).get(pk=version.interview_id)
    speeches = speeches_of(version)
    if speeches == speeches_of(_newest(version)):
        raise DomainError(_("The newest version says the same already."), "unchanged")
    made, carried = version_add(
        interview=version.interview, speeches=speeches, format="edited", actor=actor
    )
    again = _carry(version, made)
    return made, Carried(
        carried.moved + again.moved, carried.changed + again.changed, carried.lost + again.lost
    )


def speeches_of(version: TranscriptVersion) -> list[Speech]:
    rows = version.utterances.order_by("index")
    return [Speech(row.speaker, row.text, row.start_ms, row.end_ms) for row in rows]


def _newest(version: TranscriptVersion) -> TranscriptVersion:
    rows = TranscriptVersion.objects.filter(interview=version.interview_id)
    return rows.select_related("created_by", "interview").order_by("-version")[0]


def _moved(
    base: TranscriptVersion, newest: TranscriptVersion, index: int, mine: str
) -> VersionMoved:
    rows = Utterance.objects.filter(transcript__in=(base, newest), index=index)
    said = {row.transcript_id: row.text for row in rows}
    count = newest.utterances.aggregate(last=Max("index"))["last"]
    if base.pk not in said or count != base.utterances.aggregate(last=Max("index"))["last"]:
        return VersionMoved(newest, theirs=None, merged=None)
    theirs = said[newest.pk]
    return VersionMoved(newest, theirs=theirs, merged=joined(said[base.pk], mine, theirs))
