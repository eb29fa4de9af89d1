"""A source of a file becomes an interview; its passages become highlights and evidence."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils import timezone

from crm.models import Interview, Study, TranscriptVersion, User
from crm.services.bookings import Speech, fingerprint_of, interview_book
from crm.transcripts.transcript import guess_language
from insights.exchange import Coding, Layout, Project, Source
from insights.models import Asked, Evidence, ExternalId, Highlight, PainPoint
from insights.services.qda.codes import Codes
from insights.services.qda.ids import Known
from insights.services.qda.people import Coders, People, facts, moment, tier_of, truth

FORMAT = "refi-qda"


@dataclass
class Counts:
    """What of the file is in the house now (`held`) and what was added for it (`added`)."""

    held: Counter[str] = field(default_factory=Counter)
    added: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)


class Passages:
    """Books the sources one by one; a source that is known by GUID or by its words is not doubled."""

    def __init__(
        self,
        project: Project,
        *,
        codes: Codes,
        coders: Coders,
        people: People,
        study: Study | None,
        name: str,
        actor: User | None,
    ) -> None:
        self.counts = Counts()
        self._codes, self._coders, self._people = codes, coders, people
        self._study, self._name, self._actor = study, name, actor
        self._known = Known(
            ExternalId.Kind.INTERVIEW, Interview, [source.guid for source in project.sources]
        )

    def save(self) -> None:
        self._known.save()

    def book(self, source: Source) -> None:
        layout = Layout.of(source.turns)
        speeches = [
            Speech(turn.speaker, words, turn.start_ms, turn.end_ms)
            for turn, words in zip(source.turns, layout.words(source.text), strict=True)
        ]
        if not any(item.text.strip() for item in speeches):
            self.counts.left_out["empty_sources"] += 1
            return
        version = self._version(source, speeches)
        if not version.interview.usable:
            self.counts.left_out["withdrawn_sources"] += 1
            return
        self.counts.held["sources"] += 1
        rows = self._highlights(source, layout, version)
        self._evidence(rows, version)
        self._asked(source, rows, version.interview)

    def _version(self, source: Source, speeches: Sequence[Speech]) -> TranscriptVersion:
        """The transcript that holds the source's words, new where nobody has it yet."""
        pk = self._known.get(source.guid)
        known = Interview.objects.filter(pk=pk).first() if pk else None
        if known is None:
            known = Interview.objects.filter(fingerprint=fingerprint_of(speeches)).first()
        if known is not None:
            self._known.put(source.guid, known.pk)
            text = "\n".join(item.text for item in speeches)
            same = known.transcripts.filter(text=text).order_by("-version").first()
            version = same or known.transcripts.order_by("-version").first()
            if version is not None:
                return version
        version = self._new(source, speeches)
        self._known.put(source.guid, version.interview_id)
        self.counts.added["sources"] += 1
        return version

    def _new(self, source: Source, speeches: Sequence[Speech]) -> TranscriptVersion:
        creator = self._people.of_source(source)
        ours, _others = facts(self._people.values(source))
        minutes = ours.get("minutes", "")
        guess = guess_language(source.text)
        return interview_book(
            creator=creator,
            study=self._study,
            at=moment(ours.get("held_at", "")) or moment(source.at) or timezone.now(),
            tier=tier_of(ours.get("tier_then")) or creator.tier,
            paying=truth(ours.get("paying_then")),
            language=ours.get("language") or ("en" if guess == "en" else "zh-hans"),
            minutes=int(minutes) if minutes.isdecimal() and int(minutes) < 32768 else None,
            status=Interview.Status.CODED if source.selections else Interview.Status.HELD,
            speeches=speeches,
            source_name=source.name or self._name,
            format=FORMAT,
            actor=self._actor,
        )

    def _highlights(
        self, source: Source, layout: Layout, version: TranscriptVersion
    ) -> list[tuple[Highlight, Coding | None]]:
        """Every passage at its place in the transcript, with each of its codings."""
        there = {(row.start, row.end): row for row in Highlight.objects.filter(transcript=version)}
        fresh: list[Highlight] = []
        found: list[tuple[Highlight, Coding | None]] = []
        for selection in source.selections:
            place = self._place(source, layout, version, selection.start, selection.end)
            if place is None:
                continue
            self.counts.held["selections"] += 1
            row = there.get(place)
            if row is None:
                row = Highlight(
                    transcript=version,
                    start=place[0],
                    end=place[1],
                    text=version.text[slice(*place)],
                    author=self._coders.of(selection.user),
                )
                there[place] = row
                fresh.append(row)
            found.extend((row, coding) for coding in selection.codings or (None,))
        Highlight.objects.bulk_create(fresh, batch_size=2000)
        self.counts.added["selections"] += len(fresh)
        return found

    def _place(
        self, source: Source, layout: Layout, version: TranscriptVersion, start: int, end: int
    ) -> tuple[int, int] | None:
        """Where the passage is in the transcript, without white space at its ends."""
        said = layout.to_said(start, end)
        words = "\n".join(layout.words(source.text))[slice(*said)] if said else ""
        passage = words.strip()
        if said is None or not passage:
            self.counts.left_out["only_names"] += 1
            return None
        if passage != source.text[start:end].strip():
            self.counts.left_out["names_inside"] += 1
        begin = said[0] + len(words) - len(words.lstrip())
        if version.text[begin : begin + len(passage)] == passage:
            return begin, begin + len(passage)
        # The words are here in another layout: only one place can be meant, or none.
        at = version.text.find(passage)
        if at < 0 or version.text.find(passage, at + 1) >= 0:
            self.counts.left_out["moved_passages"] += 1
            return None
        return at, at + len(passage)

    def _evidence(
        self, rows: list[tuple[Highlight, Coding | None]], version: TranscriptVersion
    ) -> None:
        interview = version.interview
        there = set(
            Evidence.objects.filter(highlight__transcript=version)
            .order_by()
            .values_list("highlight_id", "pain_id", "coder_id")
        )
        fresh = []
        for highlight, coding in rows:
            if coding is None:
                continue
            pain = self._codes.rows.get(coding.code)
            if pain is None:
                self.counts.left_out["unknown_codes"] += 1
                continue
            self.counts.held["codings"] += 1
            coder = self._coders.of(coding.user)
            key = (highlight.pk, pain.pk, coder.pk)
            if key in there:
                continue
            there.add(key)
            fresh.append(
                Evidence(
                    highlight=highlight,
                    pain=pain,
                    coder=coder,
                    creator_id=interview.creator_id,
                    tier=interview.tier_then,
                    **_reading(coding),
                )
            )
        Evidence.objects.bulk_create(fresh, batch_size=2000)
        self.counts.added["codings"] += len(fresh)

    def _asked(
        self, source: Source, rows: list[tuple[Highlight, Coding | None]], interview: Interview
    ) -> None:
        """A coding of the whole text says that the interview came to the pain point."""
        codings = [*source.codings, *(coding for _row, coding in rows if coding is not None)]
        pains: dict[int, PainPoint] = {
            pain.pk: pain for item in codings if (pain := self._codes.rows.get(item.code))
        }
        Asked.objects.bulk_create(
            [Asked(interview=interview, pain=pain) for pain in pains.values()],
            ignore_conflicts=True,
        )


def _reading(coding: Coding) -> dict[str, str | int | None]:
    """Stance and so on as the export wrote them; another program's codings are for."""
    said = coding.reading
    severity, spend = said.get("severity", ""), said.get("spend_minor", "")
    stance, frequency = said.get("stance", ""), said.get("frequency", "")
    return {
        "stance": stance if stance in Evidence.Stance.values else Evidence.Stance.FOR,
        "severity": int(severity) if severity in tuple("12345") else None,
        "frequency": frequency if frequency in Evidence.Frequency.values else "",
        "workaround": said.get("workaround", "")[:240],
        "spend_minor": int(spend) if spend.isdecimal() and len(spend) < 18 else None,
    }
