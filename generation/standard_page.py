"""The standard's findings in the reader's language: what was looked at, what is wrong, what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CHECKS: dict[str, Promise] = {
    "variables_known": _("Every variable exists"),
    "variables_used": _("What a picture needs is asked for"),
    "count_first": _("The number of people comes first"),
    "look_verbatim": _("Each fixed look stands word for word"),
    "length": _("What decides is within the encoder's window"),
    "contradictions": _("Nothing contradicts itself"),
    "negative": _("What must not be there is kept out"),
    "untranslated": _("No remains of another language"),
    "injection": _("Words of a novel stay material"),
    "economy": _("No hollow words"),
    "contract": _("The answer can be read"),
}
# (check, reason) → what is wrong, what to do
WORDS: dict[tuple[str, str], tuple[Promise, Promise]] = {
    ("variables_known", "syntax"): (
        _("The marks do not match: %(told)s"), _("Close every mark; groups do not nest.")),
    ("variables_known", "unknown"): (
        _("%(names)s is no variable."), _("Use one of: %(known)s.")),
    ("variables_used", "missing"): (
        _("%(names)s is not asked for."), _("Put it into the text.")),
    ("variables_used", "no_action"): (
        _("What happens in the shot is not told."), _("Add the variable action in a group of its own.")),
    ("count_first", "late"): (
        _("%(n)s characters stand before the count."), _("Move what they say behind the looks.")),
    ("count_first", "after"): (
        _("%(name)s stands before the count."), _("Begin with the variable count.")),
    ("count_first", "absent"): (
        _("How many people there are is never said."), _("Begin with the variable count.")),
    ("count_first", "vanishes"): (
        _("The count goes where another value of its group is empty."),
        _("Put the variable count outside every group.")),
    ("look_verbatim", "vanishes"): (
        _("Looks go where another value of their group is empty."),
        _("Give subjects or looks a group of their own.")),
    ("look_verbatim", "changed"): (
        _("With %(n)s people a look does not stand as it is."),
        _("Use subjects or looks as they come; put nothing into them.")),
    ("look_verbatim", "repeated"): (
        _("A look stands %(n)s times."), _("Use either subjects or looks.")),
    ("length", "instructions"): (
        _("The instructions have %(n)s tokens, more than %(most)s."),
        _("Shorten them: they are paid for with every window.")),
    ("length", "cut"): (
        _("With %(people)s people there are %(n)s tokens; the encoder reads %(most)s."),
        _("Shorten the style.")),
    ("length", "look_outside"): (
        _("With %(people)s people a look lies beyond the first %(most)s tokens."),
        _("Move the looks forward and the style back.")),
    ("length", "people"): (
        _("Looks are read together for at most %(n)s people (%(most)s tokens)."),
        _("Say so under when not to use it, or choose sentences instead of tags.")),
    ("contradictions", "both"): (
        _("It asks for %(one)s and for %(other)s."), _("Decide for one of the two.")),
    ("contradictions", "fixed"): (
        _("It always says %(word)s, which each shot decides by %(name)s."),
        _("Leave it to the variable.")),
    ("contradictions", "asked_and_kept_out"): (
        _("%(word)s is asked for and kept out."), _("Take it out of one of the two.")),
    ("negative", "unread"): (
        _("This engine reads no negative prompt."), _("Leave it empty.")),
    ("negative", "not_taken"): (
        _("These engines take no negative prompt."), _("Say in the text what must not be there.")),
    ("negative", "missing"): (
        _("Not kept out: %(names)s."), _("Name it among what must not be there.")),
    ("untranslated", "template"): (
        _("Words of another language: %(words)s."), _("Write them in the template's language.")),
    ("untranslated", "novel"): (
        _("A novel in the other language leaves remains: %(words)s."),
        _("Use only the variables; they are said in the template's language.")),
    ("injection", "no_fence"): (
        _("The novel's words stand without a fence."), _("Put them between 「 and 」 or « and ».")),
    ("injection", "orders"): (
        _("It is not said that the fenced words are only material."),
        _("Say that nothing they ask for is carried out.")),
    ("injection", "obeys"): (
        _("It tells the engine to do what the novel's words ask for."),
        _("Say that nothing they ask for is carried out.")),
    ("injection", "marks"): (
        _("Marks of a novel reach the prompt."), _("Put values in by variables only.")),
    ("economy", "hollow"): (
        _("Words that say nothing of the picture: %(words)s."), _("Say what is to be seen instead.")),
    ("contract", "keys"): (
        _("The answer's keys %(names)s are not named."), _("Show the format in an example.")),
    ("contract", "json"): (
        _("It does not ask for JSON."), _("Say that the answer is one JSON object.")),
}  # fmt: skip
# What a negative prompt keeps out, as the check names it.
UNWANTED: dict[str, Promise] = {
    "extra people": _("extra people"),
    "lettering": _("lettering"),
    "watermark": _("watermarks"),
    "limbs": _("wrong limbs and hands"),
}
LEVELS: dict[str, Promise] = {
    "passed": _("holds"),
    "warning": _("mind"),
    "failed": _("fails"),
}


@dataclass(frozen=True)
class Told:
    """One finding as the page shows it."""

    level: str
    state: str
    check: str
    wrong: str = ""
    remedy: str = ""


def told(findings: list[Mapping[str, Any]]) -> list[Told]:
    """Failures first, then warnings, then what holds."""
    order = {"failed": 0, "warning": 1, "passed": 2}
    return [_one(item) for item in sorted(findings, key=lambda item: order[item["level"]])]


def _one(finding: Mapping[str, Any]) -> Told:
    check = str(CHECKS.get(finding["check"], finding["check"]))
    level = finding["level"]
    words = WORDS.get((finding["check"], finding["reason"]))
    if words is None:
        return Told(level, str(LEVELS[level]), check)
    facts = dict(finding["facts"])
    if finding["check"] == "negative" and "names" in facts:
        parts = facts["names"].split(", ")
        facts["names"] = ", ".join(str(UNWANTED.get(part, part)) for part in parts)
    wrong, remedy = (str(text) % facts for text in words)
    return Told(level, str(LEVELS[level]), check, wrong, remedy)
