"""Assistants that must not lie: they offer passages, codings and answers, with the words as proof.

Two ways behind one interface: `offline.Offline` (what two texts have in common, and sentence
vectors where the optional model is installed) and `chat.Chatting` (a chat engine). Pure: no
framework, no database; whoever calls gives the texts and pays.

Whatever a way says, `checking` keeps only what stands in the transcript character for character.
"""

from insights.assistants.model import (
    Answered,
    Assistant,
    Citation,
    Coded,
    Example,
    Passage,
    Profile,
    Proposal,
    Said,
    Sentence,
    Suggested,
)

__all__ = [
    "Answered",
    "Assistant",
    "Citation",
    "Coded",
    "Example",
    "Passage",
    "Profile",
    "Proposal",
    "Said",
    "Sentence",
    "Suggested",
]
