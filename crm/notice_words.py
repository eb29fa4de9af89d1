"""What a notice to a creator says, made from its facts in the language of whoever reads it."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format, number_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.bilingual import in_language
from crm.models import CreatorNotice
from crm.money import shown

Kind = CreatorNotice.Kind
Facts = Mapping[str, Any]


class Words(NamedTuple):
    """One line that says it, and what to do about it (may be empty)."""

    title: str
    text: str


def words_of(notice: CreatorNotice) -> Words:
    return _WORDS[Kind(notice.kind)](facts_of(notice))


def facts_of(notice: CreatorNotice) -> dict[str, Any]:
    """The facts with what has a Chinese and an English name under the one of the active language."""
    return {
        name: in_language(*value) if isinstance(value, list) else value
        for name, value in notice.facts.items()
    }


def _run_done(facts: Facts) -> Words:
    if facts.get("film"):
        text = _("Storyboard, pictures and film are there to look at and to correct.")
    else:
        text = _("Look at it, correct what is not right, and go on to the film.")
    return Words(_("“%(title)s” is ready") % facts, text)


def _run_failed(facts: Facts) -> Words:
    titles = {
        "film": _("The film of “%(title)s” was not finished"),
        "frames": _("The pictures of “%(title)s” were not all drawn"),
    }
    title = titles.get(str(facts.get("what")), _("The storyboard of “%(title)s” was not finished"))
    return Words(
        title % facts, _("What is done is kept. The page says why it stopped, and can go on.")
    )


def _film_ready(facts: Facts) -> Words:
    return Words(
        _("The film of “%(title)s” is ready") % facts,
        _("Watch it, download it, or take it on into your editing program."),
    )


def _frames_review(facts: Facts) -> Words:
    drawn, unsure = int(facts["drawn"]), int(facts.get("unsure", 0))
    title = ngettext(
        "%(n)s new picture for “%(title)s”", "%(n)s new pictures for “%(title)s”", drawn
    ) % {"n": drawn, "title": facts["title"]}
    if unsure:
        return Words(
            title,
            ngettext(
                "In %(n)s of them something may not match the text; please look at it.",
                "In %(n)s of them something may not match the text; please look at them.",
                unsure,
            )
            % {"n": unsure},
        )
    return Words(title, _("Keep them, or have single ones drawn again."))


def _quota(facts: Facts) -> Words:
    kinds = {"runs": _("runs"), "frames": _("pictures"), "characters": _("characters")}
    share = {
        "what": kinds[facts["what"]],
        "used": number_format(facts["used"], 0, force_grouping=True),
        "limit": number_format(facts["limit"], 0, force_grouping=True),
    }
    if facts["used"] >= facts["limit"]:
        title = _("This month's %(what)s are used up") % share
    else:
        title = _("This month's %(what)s are nearly used up") % share
    return Words(
        title,
        _("%(used)s of %(limit)s used. It begins anew on the first; a larger plan starts at once.")
        % share,
    )


def _receipt(facts: Facts) -> Words:
    amount = shown(facts["minor"], facts["currency"])
    return Words(
        _("We have received %(amount)s. Thank you!") % {"amount": amount},
        _("For “%(plan)s”. The receipt is ready to read or print.") % facts,
    )


def _answer(facts: Facts) -> Words:
    if facts.get("declined"):
        title = _("An answer to what you told us: not now, and why")
    elif facts.get("feature"):
        title = _("You told us, and this came of it: %(feature)s") % facts
    else:
        title = _("An answer to what you told us")
    return Words(title, _("Read it beside your own words."))


def _quote(facts: Facts) -> Words:
    number = int(facts["n"])
    title = ngettext(
        "We would like to quote you: %(n)s passage to check",
        "We would like to quote you: %(n)s passages to check",
        number,
    ) % {"n": number}
    return Words(title, _("Say whether it is what you meant, or what you meant instead."))


_SLOT_TITLES: dict[str, Callable[[], str]] = {
    "invitation": lambda: _("An interview with you? %(study)s"),
    "booked": lambda: _("The interview is agreed: %(study)s"),
    "moved": lambda: _("The interview has moved: %(study)s"),
    "cancelled": lambda: _("The interview is called off: %(study)s"),
    "study_off": lambda: _("The study is called off: %(study)s"),
}


def _slot(facts: Facts) -> Words:
    what = str(facts["what"])
    if what == "invitation":
        return Words(
            _SLOT_TITLES[what]() % facts, _("Choose a time, or say that you would rather not.")
        )
    if what == "study_off":
        return Words(
            _SLOT_TITLES[what]() % facts,
            _(
                "We will not hold these interviews for now; there is nothing for you to do. Thank you."
            ),
        )
    if facts.get("study_over"):
        over = _("The whole study is called off; there is nothing for you to do. Thank you.")
        return Words(_SLOT_TITLES[what]() % facts, f"{_when(facts)}. {over}")
    return Words(_SLOT_TITLES[what]() % facts, _when(facts))


def _reminder(facts: Facts) -> Words:
    soon = facts["what"] == "hour_before"
    title = (
        _("In an hour: the interview for %(study)s")
        if soon
        else _("Tomorrow: the interview for %(study)s")
    )
    return Words(title % facts, _when(facts))


def _when(facts: Facts) -> str:
    moment = parse_datetime(str(facts["starts_at"]))
    if moment is None:
        return ""
    return _("%(time)s, %(minutes)s min") % {
        "time": date_format(localtime(moment), "Y-m-d H:i"),
        "minutes": facts["minutes"],
    }


def _incentive(facts: Facts) -> Words:
    amount = shown(facts["minor"], facts["currency"])
    return Words(
        _("Thank you for taking part: %(amount)s is on its way") % {"amount": amount},
        _("For “%(study)s”. Please say when it has arrived.") % facts,
    )


def _export(facts: Facts) -> Words:
    return Words(
        _("The copy of your data is ready"),
        _("It can be downloaded for %(days)s days, then it is removed.") % facts,
    )


def _preview(facts: Facts) -> Words:
    return Words(
        _("A preview link of “%(title)s” stops working soon") % facts,
        _("It works for less than a day. Make a new one if somebody still needs it."),
    )


def _test(facts: Facts) -> Words:
    return Words(_("A test of your webhook"), _("If you can read this, it works."))


_WORDS: dict[CreatorNotice.Kind, Callable[[Facts], Words]] = {
    Kind.RUN_DONE: _run_done,
    Kind.RUN_FAILED: _run_failed,
    Kind.FILM_READY: _film_ready,
    Kind.FRAMES_REVIEW: _frames_review,
    Kind.QUOTA: _quota,
    Kind.RECEIPT: _receipt,
    Kind.ANSWER: _answer,
    Kind.QUOTE: _quote,
    Kind.SLOT: _slot,
    Kind.REMINDER: _reminder,
    Kind.INCENTIVE: _incentive,
    Kind.EXPORT: _export,
    Kind.PREVIEW: _preview,
    Kind.TEST: _test,
}
