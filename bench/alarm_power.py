"""The alarm's error rates over markets with known truth (`bench/markets.py`).

``python -m bench.alarm_power`` measures the curves over n, over leads and over worlds and writes
``docs/alarm-power.md`` and its picture; ``rows()`` measures n = 30 alone.
"""

from pathlib import Path
from xml.sax.saxutils import escape

from bench.markets import ALIKE, KINDS, LEAD, MOST, NULLS, WORLDS, Score, World, simulate
from generation.features.alarm.judging import judge
from generation.features.alarm.market import Thresholds

DOCS = Path(__file__).resolve().parents[1] / "docs"
SIZES = (10, 15, 20, 30, 50, 80)
LEADS = ((1.25, 1.5), (1.5, 1.75), (1.75, 2.0), (2.0, 2.25), (2.25, 2.5), (2.5, 3.0), (3.0, MOST))
MARKETS, DRAWS = 500, 1000
FALSE_AIM, POWER_AIM = 0.05, 0.90
PROMISED_N = 30
NAMES = {
    "alike": "tiers alike: shares ± 5 points",
    "apart": "tiers apart: shares ± 20 points",
    "odd": "odd tiers: three pains in ten are others in a tier",
}


def measure(
    n: int, markets: int, draws: int = DRAWS, first_seed: int = 0, world: World = ALIKE
) -> dict[str, Score]:
    """Scores by kind of market; `markets` of each kind."""
    scores = {kind: Score() for kind in KINDS}
    for kind, score in scores.items():
        for seed in range(first_seed, first_seed + markets):
            market, truth = simulate(kind, n, seed, world=world)
            score.count(judge(market, Thresholds(draws=draws), seed), truth)
    return scores


def found_by_lead(n: int, markets: int, draws: int = DRAWS) -> list[float]:
    """The share found in true markets of each lead."""
    shares = []
    for leads in LEADS:
        score = Score()
        for seed in range(markets):
            market, truth = simulate("true", n, seed, leads=leads)
            score.count(judge(market, Thresholds(draws=draws), seed), truth)
        shares.append((score.fired - score.false) / markets)
    return shares


def rates(scores: dict[str, Score]) -> tuple[float, float]:
    """(false alarms in the markets where the alarm must be silent, true cases found)."""
    null = sum(scores[kind].markets for kind in NULLS)
    false = sum(scores[kind].false for kind in NULLS)
    true = scores["true"]
    return false / null, (true.fired - true.false) / true.markets


def rows() -> list[dict[str, object]]:
    scores = measure(PROMISED_N, MARKETS, draws=500)
    false, power = rates(scores)
    return [
        {
            "work": f"alarm, {MARKETS} true markets and {len(NULLS) * MARKETS} others, n = {PROMISED_N} a tier",
            "ours": f"false {false:.1%}, found {power:.1%}",
            "other": "nobody computes it",
            "ratio": None,
            "aim": f"false ≤ {FALSE_AIM:.0%}, found ≥ {POWER_AIM:.0%}",
            "met": false <= FALSE_AIM and power >= POWER_AIM,
        }
    ]


def table(curve: dict[int, dict[str, Score]]) -> str:
    head = (
        "| n a tier | found (true cases) | found, slight lead | false alarms, all | covered | not loved"
        " | paying rises | two first, both covered | wrong pain named in a true case |"
    )
    lines = [head, "|" + " ---: |" * 9]
    for n, scores in curve.items():
        false, power = rates(scores)
        slight = scores["slight"]
        cells = [
            power, (slight.fired - slight.false) / slight.markets, false,
            *(scores[kind].false / scores[kind].markets for kind in NULLS),
            scores["true"].false / scores["true"].markets,
        ]  # fmt: skip
        lines.append(f"| {n} | " + " | ".join(f"{cell:.1%}" for cell in cells) + " |")
    return "\n".join(lines)


def lead_table(by_n: dict[int, list[float]]) -> str:
    heads = [f"{low:g}–{high:g}" if high < MOST else f"over {low:g}" for low, high in LEADS]
    lines = ["| n a tier | " + " | ".join(heads) + " |", "|" + " ---: |" * (len(heads) + 1)]
    for n, shares in by_n.items():
        lines.append(f"| {n} | " + " | ".join(f"{share:.1%}" for share in shares) + " |")
    return "\n".join(lines)


def world_table(worlds: dict[str, dict[str, Score]]) -> str:
    lines = ["| world | found | false alarms, all | worst kind |", "| --- | ---: | ---: | ---: |"]
    for name, scores in worlds.items():
        false, power = rates(scores)
        worst = max(scores[kind].false / scores[kind].markets for kind in NULLS)
        lines.append(f"| {NAMES[name]} | {power:.1%} | {false:.1%} | {worst:.1%} |")
    return "\n".join(lines)


def picture(curve: dict[int, dict[str, Score]]) -> str:
    """Found and false by n, with the two aims as dashed lines; readable on white and on black."""
    left, top, width, height = 56, 24, 560, 260
    sizes = list(curve)
    high = max(sizes)

    def at(n: int, share: float) -> str:
        return f"{left + width * n / high:.1f},{top + height * (1 - share):.1f}"

    found = [(n, rates(scores)[1]) for n, scores in curve.items()]
    false = [(n, rates(scores)[0]) for n, scores in curve.items()]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {left + width + 40} {top + height + 52}" '
        'font-family="sans-serif" font-size="12" role="img" aria-label="'
        + escape("Share of true cases found and of false alarms by n")
        + '"><rect width="100%" height="100%" fill="#fffdfa"/>'
    ]
    for share in (0, 0.25, 0.5, 0.75, 1):
        y = top + height * (1 - share)
        parts.append(f'<line x1="{left}" x2="{left + width}" y1="{y}" y2="{y}" stroke="#e7dfd6"/>')
        parts.append(f'<text x="{left - 8}" y="{y + 4}" text-anchor="end" fill="#6b625b">{share:.0%}</text>')  # fmt: skip
    for n in sizes:
        x = left + width * n / high
        parts.append(f'<text x="{x}" y="{top + height + 18}" text-anchor="middle" fill="#6b625b">{n}</text>')  # fmt: skip
    parts.append(f'<text x="{left + width / 2}" y="{top + height + 40}" text-anchor="middle" fill="#1f1a17">每层级受访人数 · creators a tier</text>')  # fmt: skip
    for aim, colour in ((POWER_AIM, "#15803d"), (FALSE_AIM, "#b91c1c")):
        y = top + height * (1 - aim)
        parts.append(f'<line x1="{left}" x2="{left + width}" y1="{y}" y2="{y}" stroke="{colour}" stroke-dasharray="5 4"/>')  # fmt: skip
    for points, colour, name in (
        (found, "#15803d", "真案例命中 · true cases found"),
        (false, "#b91c1c", "误报 · false alarms"),
    ):
        line = " ".join(at(n, share) for n, share in points)
        parts.append(
            f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2.5"/>'
        )
        for n, share in points:
            x, y = at(n, share).split(",")
            parts.append(f'<circle cx="{x}" cy="{y}" r="3.5" fill="{colour}"/>')
        n, share = points[len(points) // 2]
        x, y = at(n, share).split(",")
        drop = 26 if share > 0.5 else -12
        parts.append(f'<text x="{x}" y="{float(y) + drop}" fill="{colour}">{name}</text>')
    return "\n".join(parts) + "\n</svg>\n"


def main() -> None:
    curve = {n: measure(n, MARKETS) for n in SIZES}
    leads = {n: found_by_lead(n, MARKETS) for n in (15, PROMISED_N, 50)}
    worlds = {name: measure(PROMISED_N, MARKETS, world=world) for name, world in WORLDS.items()}
    (DOCS / "pictures" / "alarm-power.svg").write_text(picture(curve), encoding="utf-8")
    text = (
        "# How often the alarm is wrong\n\n"
        f"{MARKETS} simulated markets of each kind and n, {DRAWS} resamples each; the generator is "
        "`bench/markets.py`, the definitions are in `adr/0014-alarm.md` and `adr/0018-alarm-power.md`. "
        "Written by `python -m bench.alarm_power`; `tests/alarm/test_error_rates.py` holds n = 30. A "
        f"true case leads the next need at least {LEAD:g} times, a slight one 1.25 to {LEAD:g} times.\n\n"
        f"{table(curve)}\n\n![Found and false by n](pictures/alarm-power.svg)\n\n"
        "## By the lead of the first pain\n\nShare found, all conditions holding. Below the lead of a "
        f"true case silence is often the right answer.\n\n{lead_table(leads)}\n\n"
        f"## Where tiers are less alike\n\nn = {PROMISED_N}; tiers learn from each other only as far as "
        f"they are seen to agree, so the alarm loses little where they do not.\n\n{world_table(worlds)}\n"
    )
    (DOCS / "alarm-power.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
