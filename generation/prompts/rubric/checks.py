"""The checks that run. Each takes a template and says passed, warning or failed, with the reason.

A check looks at the template and at the prompts that it writes for the probe shots.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from generation.prompts.compiling import Prompt, compile_shot, instructions_of
from generation.prompts.errors import PromptError
from generation.prompts.facts import VARIABLES
from generation.prompts.families import FAMILIES
from generation.prompts.rubric import phrases, probes
from generation.prompts.rubric.findings import Finding, failed, passed, warned
from generation.prompts.syntax import literal, names, parse
from generation.prompts.templates import Template

Check = Callable[[Template], Finding]

_NEEDED = {
    "picture": (("count",), ("framing",), ("subjects", "looks"), ("place",)),
    "storyboard": (("framings",), ("poses",), ("expressions",), ("places",), ("times",)),
}
_CHINESE = re.compile(r"[\u3400-\u9fff]")
# What an English prompt may not hold: other scripts, their punctuation, full-width letters.
_NOT_ENGLISH = re.compile(
    r"[\u0400-\u052f\u0600-\u06ff\u3000-\u30ff\u3400-\u9fff\uac00-\ud7af\uff00-\uffef]"
)
_LATIN = re.compile(
    r"[A-Za-z]{2,}|[Ａ-Ｚａ-ｚ]+|[\u0400-\u052f\u0600-\u06ff\u3040-\u30ff\uac00-\ud7af]+"
)
_REFUSES = re.compile(r"不|无|没有|\b(?:no|not|nobody|without)\b")
_MOST_FIRST = 40
"""Characters of the template's own that may stand before the count."""


def _prompts(template: Template) -> Iterator[tuple[int, Prompt]]:
    """(people, prompt) for the probes in the template's own language."""
    language = template.language
    for people in range(4):
        made = compile_shot(
            template,
            probes.shot(people, language),
            cast=probes.cast(language),
            scene=probes.scene(language),
        )
        yield people, made


def _bare(template: Template) -> Prompt:
    """Two people, and nothing that a group may be left out for."""
    language = template.language
    return compile_shot(
        template, probes.shot(2, language, action=""), cast=probes.cast(language),
        scene=probes.bare_scene(language),
    )  # fmt: skip


def variables_known(template: Template) -> Finding:
    """Every variable exists for what the template makes, and the marks close."""
    check = "variables_known"
    try:
        used = names(template.body)
    except PromptError as error:
        return failed(check, "syntax", told=error)
    strange = [name for name in used if name not in VARIABLES[template.makes]]
    if strange:
        known = ", ".join(VARIABLES[template.makes])
        return failed(check, "unknown", names=", ".join(strange), known=known)
    return passed(check)


def variables_used(template: Template) -> Finding:
    """What a picture or a storyboard cannot do without is asked for."""
    check = "variables_used"
    used = set(names(template.body))
    missing = [" / ".join(either) for either in _NEEDED[template.makes] if not used & set(either)]
    if missing:
        return failed(check, "missing", names=", ".join(missing))
    if template.makes == "picture" and "action" not in used and template.family != "tags":
        return warned(check, "no_action")
    return passed(check)


def count_first(template: Template) -> Finding:
    """The number of people stands before everything else that the picture is made of."""
    check = "count_first"
    if template.makes == "storyboard":
        return passed(check)
    before = 0
    for piece in parse(template.body):
        if piece.name == "count":
            made = _bare(template)
            if made.facts.values["count"] not in made.positive:
                return failed(check, "vanishes")
            return passed(check) if before <= _MOST_FIRST else failed(check, "late", n=before)
        if piece.name:
            return failed(check, "after", name=piece.name)
        before += len(piece.text.strip())
    return failed(check, "absent")


def look_verbatim(template: Template) -> Finding:
    """Each fixed look stands in the prompt word for word, once."""
    check = "look_verbatim"
    if template.makes == "storyboard":
        return passed(check)
    for people, made in _prompts(template):
        for one in made.facts.people:
            times = made.positive.count(one.look)
            if not times:
                return failed(check, "changed", n=people)
            if times > 1:
                return warned(check, "repeated", n=times)
    bare = _bare(template)
    if any(one.look not in bare.positive for one in bare.facts.people):
        return failed(check, "vanishes")
    return passed(check)


def length(template: Template) -> Finding:
    """What decides fits the window in which words are read together; all of it fits the encoder."""
    check = "length"
    family = FAMILIES[template.family]
    if template.makes == "storyboard":
        tokens = family.tokens(instructions_of(template))
        if tokens > family.window:
            return failed(check, "instructions", n=tokens, most=family.window)
        return passed(check)
    fits = -1
    for people, made in _prompts(template):
        if made.tokens > family.limit:
            if people <= 2:
                return failed(check, "cut", people=people, n=made.tokens, most=family.limit)
            return warned(check, "cut", people=people, n=made.tokens, most=family.limit)
        head = family.within(made.positive, family.window)
        if all(one.look in head for one in made.facts.people):
            fits = people
        elif people <= 1:
            return failed(check, "look_outside", people=people, most=family.window)
    if fits < 3:
        return warned(check, "people", n=fits, most=family.window)
    return passed(check)


def contradictions(template: Template) -> Finding:
    """No two words that pull the picture apart, and nothing both asked for and kept out."""
    check = "contradictions"
    said = _wanted(literal(template.body).casefold())
    for name, these, those in phrases.CONTRADICTIONS:
        one = next((word for word in these if _says(said, word)), None)
        other = next((word for word in those if _says(said, word)), None)
        if one and other:
            return failed(check, "both", name=name, one=one, other=other)
    used = set(names(template.body))
    for name, words in phrases.DECIDED.items():
        fixed = next((word for word in words if _says(said, word)), None)
        if fixed and name in used:
            return failed(check, "fixed", word=fixed, name=name)
    told = _told(template)
    for word in _parts(template.negative):
        if word in phrases.PEOPLE or (len(word) > 1 and (_says(said, word) or _says(told, word))):
            return failed(check, "asked_and_kept_out", word=word)
    return passed(check)


def _told(template: Template) -> str:
    """What the probe shots put in: looks, places, hours."""
    if template.makes == "storyboard":
        return ""
    used = names(template.body)
    said = [made.facts.values[name] for _people, made in _prompts(template) for name in used]
    return "\n".join(said).casefold()


def negative(template: Template) -> Finding:
    """People, lettering, watermarks and limbs are kept out, where the engine reads it."""
    check = "negative"
    if template.makes == "storyboard" or template.family == "sketch":
        return warned(check, "unread") if template.negative else passed(check)
    takes = FAMILIES[template.family].negative
    if template.negative and not takes:
        return failed(check, "not_taken")
    where = (template.negative if takes else literal(template.body)).casefold()
    wanted = [name for name in phrases.UNWANTED if takes or name != "limbs"]
    missing = [name for name in wanted if not any(word in where for word in phrases.UNWANTED[name])]
    if "extra people" in missing:
        return failed(check, "missing", names=", ".join(missing))
    return warned(check, "missing", names=", ".join(missing)) if missing else passed(check)


def untranslated(template: Template) -> Finding:
    """No remains of another language, neither in the template nor from a novel in the other one."""
    check = "untranslated"
    own = literal(template.body) + template.negative
    strange = _foreign(own, template)
    if strange and template.makes == "picture":
        return failed(check, "template", words=strange)
    if template.makes == "storyboard":
        return (
            failed(check, "template", words=strange)
            if strange and template.english
            else passed(check)
        )
    other = "zh" if template.english else "en"
    made = compile_shot(
        template, probes.shot(2, other), cast=probes.cast(other), scene=probes.scene(other)
    )
    remains = _foreign(made.positive, template)
    return failed(check, "novel", words=remains) if remains else passed(check)


def injection(template: Template) -> Finding:
    """Words of a novel stay material: they call no variable and leave no fence."""
    check = "injection"
    own = literal(template.body).casefold()
    if any(word in own for word in phrases.OBEY):
        return failed(check, "obeys")
    if template.makes == "storyboard":
        text = instructions_of(template)
        if "<novel>" not in text or "</novel>" not in text:
            return failed(check, "no_fence")
        return (
            passed(check) if any(m in text for m in phrases.MATERIAL) else failed(check, "orders")
        )
    language = template.language
    made = compile_shot(
        template,
        probes.shot(1, language, action=probes.ATTACK[language]),
        cast=probes.cast(language),
        scene=probes.scene(language),
    )
    if any(mark in made.positive for mark in ("{{", "}}", "[[", "]]", "</novel>", "<system>")):
        return failed(check, "marks")
    if "action" not in names(template.body) or not FAMILIES[template.family].instructed:
        return passed(check)
    text = literal(template.body)
    marks = _fence(template.body)
    twice = sum(piece.name == "action" for piece in parse(template.body)) > 1
    if (
        marks is None
        or twice
        or any(made.positive.count(mark) != text.count(mark) for mark in marks)
    ):
        return failed(check, "no_fence")
    return passed(check) if any(m in text for m in phrases.MATERIAL) else failed(check, "orders")


def economy(template: Template) -> Finding:
    """No words that say nothing of the picture."""
    check = "economy"
    said = literal(template.body).casefold()
    hollow = [word for word in phrases.HOLLOW if _says(said, word)]
    if len(hollow) > 2:
        return failed(check, "hollow", words=", ".join(hollow))
    return warned(check, "hollow", words=", ".join(hollow)) if hollow else passed(check)


def contract(template: Template) -> Finding:
    """The instructions name every key that the answer is read by, and ask for nothing but JSON."""
    check = "contract"
    if template.makes == "picture":
        return passed(check)
    text = instructions_of(template)
    missing = [key for key in phrases.CONTRACT_KEYS if key not in text]
    if missing:
        return failed(check, "keys", names=", ".join(missing))
    return passed(check) if "JSON" in text else failed(check, "json")


def _wanted(text: str) -> str:
    """The clauses that ask for something, without those that say what must not be there."""
    clauses = re.split(r"[，；。、,;.\n]", text)
    return "\n".join(clause for clause in clauses if not _REFUSES.search(clause))


def _says(text: str, word: str) -> bool:
    """Chinese anywhere, English as whole words."""
    edge = "" if _CHINESE.search(word) else r"\b"
    return re.search(rf"{edge}{re.escape(word)}{edge}", text) is not None


def _parts(negative_words: str) -> list[str]:
    return [
        part.strip() for part in re.split(r"[,，、;；]", negative_words.casefold()) if part.strip()
    ]


def _foreign(text: str, template: Template) -> str:
    if template.english:
        return "".join(dict.fromkeys(_NOT_ENGLISH.findall(text)))[:20]
    found = [w for w in _LATIN.findall(text) if w.casefold() not in phrases.LATIN_ALLOWED]
    return ", ".join(dict.fromkeys(found))[:80]


def _fence(body: str) -> tuple[str, str] | None:
    """The marks between which `action` stands; None where it stands between none."""
    flat = re.sub(r"\s+", "", body)
    return next(((a, b) for a, b in phrases.FENCES if f"{a}{{{{action}}}}{b}" in flat), None)


CHECKS: dict[str, Check] = {
    check.__name__: check
    for check in (
        variables_known, variables_used, count_first, look_verbatim, length, contradictions,
        negative, untranslated, injection, economy, contract,
    )
}  # fmt: skip
