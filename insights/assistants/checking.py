"""The gate: what an assistant says stands in the transcript, or it is dropped and counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from insights.assistants.model import (
    Answered,
    Citation,
    Passage,
    Profile,
    Proposal,
    Said,
    Sentence,
    Suggested,
)

STANCES = ("for", "against")
_TITLE = 120


def place(quote: str, text: str) -> tuple[int, int] | None:
    """Where the quote, without white space at its ends, stands in the text; None where it does not."""
    words = quote.strip()
    at = text.find(words) if words else -1
    return None if at < 0 else (at, at + len(words))


def proposals(
    offers: Iterable[Mapping[str, Any]], said: Sequence[Said], profiles: Sequence[Profile]
) -> Suggested:
    """Offers {utterance, quote, pain, new_pain, stance, why} → those whose quote was said.

    A repeated offer counts once; a quote of the interviewer's is no evidence and is dropped.
    """
    turns = {item.id: item for item in said if not item.asks}
    open_pains = {profile.id for profile in profiles}
    kept: dict[tuple[int, int, int | None, str], Proposal] = {}
    dropped = 0
    for offer in offers:
        turn = turns.get(_whole(offer.get("utterance")))
        quote = offer.get("quote")
        pain = _whole(offer.get("pain"))
        title = " ".join(str(offer.get("new_pain") or "").split())[:_TITLE]
        found = place(quote, turn.text) if turn and isinstance(quote, str) else None
        if turn is None or found is None or (pain not in open_pains and not title):
            dropped += 1
            continue
        stance = offer.get("stance")
        known = pain if pain in open_pains else None
        start, end = turn.start + found[0], turn.start + found[1]
        kept.setdefault(
            (start, end, known, "" if known else title),
            Proposal(
                start=start,
                end=end,
                quote=turn.text[slice(*found)],
                pain=known,
                title="" if known else title,
                stance=stance if stance in STANCES else "for",
                score=1.0,
                because=str(offer.get("why") or "")[:300],
            ),
        )
    return Suggested(tuple(kept.values()), dropped)


def answer(offers: Iterable[Mapping[str, Any]], passages: Sequence[Passage]) -> Answered:
    """Offers {text, citations: [{passage, quote}]} → sentences with at least one true citation."""
    texts = {passage.id: passage.text for passage in passages}
    sentences: list[Sentence] = []
    dropped = false_quotes = 0
    for offer in offers:
        text = " ".join(str(offer.get("text") or "").split())
        citations: dict[Citation, None] = {}
        told = offer.get("citations")
        for item in told if isinstance(told, list) else []:
            found = _cited(item, texts)
            if found is None:
                false_quotes += 1
            else:
                citations[found] = None
        if text and citations:
            sentences.append(Sentence(text, tuple(citations)))
        else:
            dropped += 1
    return Answered(tuple(sentences), dropped, false_quotes)


def _cited(item: object, texts: Mapping[int, str]) -> Citation | None:
    if not isinstance(item, Mapping):
        return None
    passage, quote = _whole(item.get("passage")), item.get("quote")
    text = texts.get(passage)
    found = place(quote, text) if text is not None and isinstance(quote, str) else None
    if text is None or found is None:
        return None
    return Citation(passage, *found, text[slice(*found)])


def _whole(value: object) -> int:
    """An id as an engine writes it: a number, or one in quotes; -1 for anything else."""
    if isinstance(value, bool):
        return -1
    if isinstance(value, int):
        return value
    return int(value) if isinstance(value, str) and value.strip().isdecimal() else -1
