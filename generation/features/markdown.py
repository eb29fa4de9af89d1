"""A dossier as Markdown: to paste into a decision record, a wiki or a mail."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from crm.money import shown
from generation.features.dossier import Dossier
from generation.features.pains import PainPart
from generation.features.quotes import QuoteGroup
from insights.outward import SHARED
from insights.statistics import Estimate


def to_markdown(item: Dossier) -> str:
    """The whole dossier in the language that is active, ending in a line feed."""
    return "\n".join(_lines(item)) + "\n"


def _lines(item: Dossier) -> Iterator[str]:
    feature = item.feature
    yield f"# {plain(feature.title)}"
    yield ""
    yield (
        f"`{feature.key}` · {feature.get_step_display()} · {feature.get_status_display()} · "
        f"{item.as_of:%Y-%m-%d %H:%M %Z}"
    )
    if feature.hypothesis:
        yield from ("", plain(feature.hypothesis))
    if item.unread:
        yield ""
        yield f"> ⚠ **{_('Not for outside: counter-evidence in it is unread.')}**"
    if item.signals:
        yield ""
        yield from (f"- **{plain(str(signal.text))}**" for signal in item.signals)
    yield from ("", f"## {_('Why it exists')}", "")
    yield from (f"- {plain(row.claim)}" for row in item.justifications)
    for part in item.pain_parts:
        yield from _pain(part)
    yield from _money(item)
    yield from _use(item)
    yield from _judged(item)


def _pain(part: PainPart) -> Iterator[str]:
    yield from ("", f"## {plain(part.pain.title)}", "")
    heads = (_("Tier"), _("Raised / asked (n)"), _("Share"), _("Rank"),
             _("Probability of being first"), _("Opportunity"))  # fmt: skip
    yield f"| {' | '.join(heads)} |"
    yield "|---|---:|---:|---:|---:|---:|"
    for line in part.tiers:
        row = line.prevalence
        cells = (
            row.label,
            f"{len(row.raised)} / {row.estimate.n}",
            share(row.estimate),
            f"{line.rank.rank} / {line.rank.of}" if line.rank else "—",
            f"{line.rank.first_probability * 100:.0f}%" if line.rank else "—",
            "—" if line.opportunity.value is None
            else f"{line.opportunity.value:.1f} ({_limits(line.opportunity)}n={line.opportunity.n})",
        )  # fmt: skip
        yield f"| {' | '.join(cells)} |"
    for stance, title in (("for", _("Quotes")), ("against", _("Counter-evidence"))):
        groups = [group for group in part.groups if group.stance == stance and group.total]
        yield from ("", f"### {title} ({sum(group.total for group in groups)})")
        for group in groups:
            yield from _quotes(group)


def _quotes(group: QuoteGroup) -> Iterator[str]:
    yield ""
    for quote in group.quotes:
        who = plain(quote.who) or _("anonymous")
        kept = "" if quote.consent in SHARED else f" · **{_('for the team only')}**"
        yield f"> {plain(quote.text)}"
        yield ">"
        yield (
            f"> — {who} · {quote.tier_label} · {quote.at:%Y-%m-%d} · "
            f"[{quote.start}, {quote.end}) · {quote.sha256[:12]}{kept}"
        )
        yield ""
    if group.withheld:
        yield _("%(n)s of the tier “%(tier)s” stay with the team: nobody agreed to show them.") % {
            "n": group.withheld, "tier": group.label,
        }  # fmt: skip
        yield ""
    if group.more:
        yield _("… and %(n)s more of the tier “%(tier)s”.") % {
            "n": group.more, "tier": group.label,
        }  # fmt: skip


def _money(item: Dossier) -> Iterator[str]:
    money = item.paying
    yield from ("", f"## {_('Who pays')}", "")
    revenue = " · ".join(shown(row.minor, row.currency) for row in money.revenue) or "—"
    yield f"- {_('Net revenue')}: {revenue}"
    yield f"- {_('Raised it')}: {len(money.payers)} / {money.raised.n} ({share(money.raised)})"
    yield (
        f"- {_('Did not raise it')}: {money.others} / {money.not_raised.n} "
        f"({share(money.not_raised)})"
    )
    yield f"- {_('Still paying after 90 days')}: {share(money.retention)}, n = {money.retention.n}"
    if money.largest_payer_share is not None:
        title = _("Largest payer's share of the revenue")
        yield f"- {title}: {money.largest_payer_share * 100:.0f}%"


def _use(item: Dossier) -> Iterator[str]:
    used = item.usage
    yield from ("", f"## {_('Use and what it costs')}", "")
    yield f"- {_('Pipeline runs')}: {used.runs} · {_('Creators')}: {used.creators}"
    cost = " · ".join(shown(minor, currency) for currency, minor in used.cost) or "—"
    each = " · ".join(shown(minor, currency) for currency, minor in used.cost_per_payer) or "—"
    yield f"- {_('Tokens')}: {used.tokens} · {_('Money')}: {cost}"
    yield f"- {_('Cost for each paying creator')}: {each}"
    yield f"- {_('Results kept')}: {share(used.accepted)}, n = {used.accepted.n}"
    yield f"- {_('Redone')}: {share(used.redone)}, n = {used.redone.n}"
    gone = item.relief.difference
    if gone.value is not None:
        yield f"- {_('Pain, after less before (0–10)')}: {mean(gone)}, n = {gone.n}"


def _judged(item: Dossier) -> Iterator[str]:
    if item.criteria:
        yield from ("", f"## {_('Criteria set before the data')}", "")
        for part in item.criteria:
            yield f"- [{'x' if part.state == 'met' else ' '}] {plain(part.criterion.text)}"
    if item.verdicts:
        yield from ("", f"## {_('Verdicts')}", "")
        for verdict in item.verdicts:
            name = (verdict.by.first_name or verdict.by.username) if verdict.by else "—"
            yield (
                f"- {verdict.at:%Y-%m-%d} **{verdict.get_decision_display()}** ({name}): "
                f"{plain(verdict.why)}"
            )


def share(item: Estimate) -> str:
    """A share with its interval; below n = 5 only that there is none."""
    if not item.publishable or item.value is None:
        return _("no share below n = 5")
    text = f"{item.value * 100:.1f}%"
    if item.low is None or item.high is None:
        return text
    return f"{text} ({item.low * 100:.1f}–{item.high * 100:.1f}%)"


def mean(item: Estimate) -> str:
    """A mean with its interval, where there is one."""
    if item.value is None:
        return "—"
    text = f"{item.value:+.2f}"
    if item.low is None or item.high is None:
        return text
    return f"{text} ({item.low:+.2f} … {item.high:+.2f})"


_MARKS = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_{}[]<>#|"})


def _limits(item: Estimate) -> str:
    return "" if item.low is None or item.high is None else f"{item.low:.1f}–{item.high:.1f}, "


def plain(text: str) -> str:
    """Words of people, so that no character of theirs acts as Markdown or HTML; one line."""
    return " ".join(text.split()).translate(_MARKS)
