"""What is wrong with a picture template, in the reader's language.

`engines.images.templates` is pure and says it in English, for the command line and the log; each of
its sentences is known here by its pattern. One that is not known is shown as it is.
"""

import re

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_KNOWN: tuple[tuple[str, Promise], ...] = (
    (r"not known: (?P<names>.+)", _("not known: %(names)s")),
    (r"kind: must be one of (?P<names>.+)", _("kind: must be one of %(names)s")),
    (r"body: must be an object that is not empty", _("body: must be an object that is not empty")),
    (
        r"most_references: must be a whole number from 0 to 16",
        _("most_references: must be a whole number from 0 to 16"),
    ),
    (r"(?P<at>\S+): must be an object", _("%(at)s: must be an object")),
    (r"(?P<at>\S+): must be a list", _("%(at)s: must be a list")),
    (r"(?P<at>\S+): must be an object of nodes", _("%(at)s: must be an object of nodes")),
    (r"(?P<at>\S+): is missing", _("%(at)s: is missing")),
    (
        r"(?P<at>\S+): use small letters and _, and no slot's name",
        _("%(at)s: use small letters and _, and no slot's name"),
    ),
    (
        r"(?P<at>\S+): needs numbers least <= default <= most",
        _("%(at)s: needs numbers least <= default <= most"),
    ),
    (r"(?P<at>\S+\.over): must be one of (?P<names>.+)", _("%(at)s: must be one of %(names)s")),
    (
        r"(?P<at>\S+): (?P<name>\S+) is taken by an earlier piece",
        _("%(at)s: %(name)s is taken by an earlier piece"),
    ),
    (
        r"(?P<at>\S+): no earlier piece goes into (?P<name>\S+)",
        _("%(at)s: no earlier piece goes into %(name)s"),
    ),
    (
        r'(?P<at>\S+): start and output must be links such as \["node", 0\]',
        _('%(at)s: start and output must be links such as ["node", 0]'),
    ),
    (
        r"(?P<at>\S+): there is no node (?P<name>\S+) in this piece",
        _("%(at)s: there is no node %(name)s in this piece"),
    ),
    (
        r"(?P<at>\S+): there is no node (?P<name>\S+) in the body",
        _("%(at)s: there is no node %(name)s in the body"),
    ),
    (
        r"(?P<at>\S+): there is no node (?P<name>\S+)",
        _("%(at)s: there is no node %(name)s"),
    ),
    (r"(?P<at>\S+): needs a class_type", _("%(at)s: needs a class_type")),
    (
        r"without: must be an object of regions, references or source",
        _("without: must be an object of regions, references or source"),
    ),
    (
        r"(?P<at>\S+): must be a list of places in the body, keys with / between",
        _("%(at)s: must be a list of places in the body, keys with / between"),
    ),
    (
        r"(?P<at>\S+): the slot (?P<name>\S+) is not known here",
        _("%(at)s: the slot %(name)s is not known here"),
    ),
    (
        r"(?P<at>\S+): a slot is written \{\{name\}\}, in small letters",
        _("%(at)s: a slot is written {{name}}, in small letters"),
    ),
    (
        r"body: nothing takes the prompt; put \{\{prompt\}\} where the words belong",
        _("body: nothing takes the prompt; put {{prompt}} where the words belong"),
    ),
    (
        r"body: nothing takes the seed; without \{\{seed\}\} every picture is the same",
        _("body: nothing takes the seed; without {{seed}} every picture is the same"),
    ),
    (
        r"body: nothing takes \{\{job\}\}; put it into the filename_prefix, .+",
        _(
            "body: nothing takes {{job}}; put it into the filename_prefix, or the server answers "
            "an equal graph with an old picture"
        ),
    ),
    (
        r"output: must name the node of the body whose picture is taken",
        _("output: must name the node of the body whose picture is taken"),
    ),
)
_PATTERNS = tuple((re.compile(pattern, re.DOTALL), words) for pattern, words in _KNOWN)


def problem_words(problem: str) -> str:
    """The sentence in the language that is active."""
    for pattern, words in _PATTERNS:
        found = pattern.fullmatch(problem)
        if found is not None:
            told = found.groupdict()
            return str(words) % told if told else str(words)
    return problem
