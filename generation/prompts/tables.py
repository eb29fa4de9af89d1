"""From the bare rows of an evaluation to its table: the same for a page and for a sceptic's file.

The document has no word of any novel and no name of a person; stories and raters are numbers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from typing import Any

from generation.prompts import statistics
from generation.prompts.statistics import Estimate
from insights.statistics import alpha_interval, share

FORMAT = "pingju-evaluation"
DRAWS = 1000
# Positions in a row of `trials`, and in a row of `votes`.
TRIAL = (
    "id", "arm", "story", "case", "repetition", "seed", "state", "accepted", "calls",
    "input_tokens", "output_tokens", "cached", "cost_micro", "scores",
)  # fmt: skip
VOTE = ("id", "rater", "story", "left", "right", "outcome", "repeat_of")
JUDGEMENT = ("story", "a", "b", "first", "second")
# Stands in every file, so that who recomputes needs nothing else.
METHOD = {
    "effect": "score of a trial: mean of the scorers named in effect that are not null; of an arm: mean over "
    "its trials that are done or failed and have one",
    "cost": "of an arm: all cost_micro, or where every trial cost nothing input_tokens + output_tokens, of done "
    "and failed trials, over the number accepted",
    "difference": "mean of the paired differences to the baseline by case and repetition, of trials done in "
    "both; interval CR2 by story with Satterthwaite's degrees; p by flipping the signs of whole stories; p_holm "
    "over all arms but the baseline",
    "ratios": "the lowest cost of an arm whose mean score is at least score, over the baseline's; interval by "
    "intersection bounds on the logarithm, leaving out stories in turn",
    "ranking": "Bradley-Terry by maximum likelihood over votes without repeat_of, a tie half a win each, normal "
    "prior of precision 0.01; Elo = 1000 + 400/ln 10 * strength",
    "judgements": "first: answer with a shown first, second: with b shown first; 1 and 2 are places; a wins by "
    "(1, 2), loses by (2, 1), all else is a tie",
}


def trials_of(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The trials as objects."""
    return [dict(zip(TRIAL, row, strict=True)) for row in document["trials"]]


def effect_of(trial: Mapping[str, Any], scorers: Sequence[str]) -> float | None:
    """The mean of the scorers that count and were computed; None where none was."""
    known = [trial["scores"][name] for name in scorers if trial["scores"].get(name) is not None]
    return sum(known) / len(known) if known else None


def table_of(document: Mapping[str, Any], seed: int = 1, draws: int = DRAWS) -> dict[str, Any]:
    """Everything that the pages show, computed from the rows alone. Equal rows, equal table.

    Scores are compared paired by case and seed and clustered by story, p-values adjusted by Holm;
    the cost is that of an accepted result; the ranking is Bradley–Terry over blind votes with whole
    stories resampled; repeats count for the rater's agreement with themselves only.
    """
    trials = trials_of(document)
    unit = unit_of(trials)
    arms = [arm["id"] for arm in document["arms"]]
    base = next((arm["id"] for arm in document["arms"] if arm["baseline"]), None)
    rows = _statistics_rows(trials, document["effect"], unit)
    summary = statistics.score_and_cost(rows)
    chances = statistics.front_probability(rows, seed=seed, draws=draws)
    costs = statistics.cost_intervals(rows)
    differences = _differences(trials, arms, base, document["effect"], seed)
    adjusted = _holm(differences)
    return {
        "unit": unit,
        "stories": len({trial["story"] for trial in trials}),
        "arms": [
            {
                "id": arm,
                **_arm(trials, arm, document["effect"]),
                "cost_per_accepted": _estimate(costs.get(arm)),
                "on_front": chances.get(arm, 0.0),
                "difference": _estimate(differences.get(arm)),
                "p": getattr(differences.get(arm), "p", None),
                "p_holm": adjusted.get(arm),
            }
            for arm in arms
        ],
        "ratios": _ratios(rows, base, seed, draws),
        "front": [arm for arm, _score, _cost in statistics.pareto(_points(summary))],
        "variance": _variance(trials, arms, base, document["effect"]),
        "ranking": _ranking(document, seed),
        "raters": _raters(document),
        "judge": _judge(document, seed),
    }


def unit_of(trials: Sequence[Mapping[str, Any]]) -> str:
    """What cost is counted in: micro-units of money, or tokens where nothing cost any."""
    return "micro" if any(trial["cost_micro"] for trial in trials) else "tokens"


def cost_of(trial: Mapping[str, Any], unit: str) -> int:
    if unit == "micro":
        return int(trial["cost_micro"])
    return int(trial["input_tokens"] + trial["output_tokens"])


def _points(
    summary: Mapping[Hashable, tuple[float | None, float | None]],
) -> list[tuple[Hashable, float, float]]:
    return [
        (arm, score, cost)
        for arm, (score, cost) in summary.items()
        if score is not None and cost is not None
    ]


def _statistics_rows(
    trials: Sequence[Mapping[str, Any]], scorers: Sequence[str], unit: str
) -> list[statistics.Trial]:
    return [
        statistics.Trial(
            trial["arm"],
            trial["story"],
            effect_of(trial, scorers),
            cost_of(trial, unit),
            bool(trial["accepted"]),
        )
        for trial in trials
        if trial["state"] in ("done", "failed")
    ]


def _estimate(estimate: Estimate | None) -> dict[str, Any] | None:
    if estimate is None:
        return None
    told: dict[str, Any] = estimate.as_dict()
    clusters = getattr(estimate, "clusters", None)
    return told if clusters is None else {**told, "clusters": clusters}


def _arm(trials: Sequence[Mapping[str, Any]], arm: int, scorers: Sequence[str]) -> dict[str, Any]:
    own = [trial for trial in trials if trial["arm"] == arm]
    ended = [trial for trial in own if trial["state"] in ("done", "failed")]
    scored = [(effect_of(trial, scorers), trial["story"]) for trial in ended]
    mean = statistics.paired_difference(
        [score for score, _story in scored], [0.0] * len(scored), [story for _s, story in scored]
    )
    by_scorer: dict[str, list[float]] = defaultdict(list)
    for trial in ended:
        for name, value in trial["scores"].items():
            if value is not None:
                by_scorer[name].append(value)
    count = len(ended)
    return {
        "score": _estimate(mean),
        "scores": {name: sum(values) / len(values) for name, values in sorted(by_scorer.items())},
        "trials": count,
        "failed": sum(trial["state"] == "failed" for trial in ended),
        "accepted": _estimate(share(sum(bool(trial["accepted"]) for trial in ended), count)),
        "calls": sum(trial["calls"] for trial in ended),
        "input_tokens": sum(trial["input_tokens"] for trial in ended),
        "output_tokens": sum(trial["output_tokens"] for trial in ended),
        "cost_micro": sum(trial["cost_micro"] for trial in ended),
    }


def paired_scores(
    trials: Sequence[Mapping[str, Any]], a: int, b: int, scorers: Sequence[str]
) -> tuple[list[float | None], list[float | None], list[Hashable]]:
    """Scores of two arms on the same case and repetition, and the story of each pair."""
    found: dict[tuple[int, int], dict[int, Mapping[str, Any]]] = defaultdict(dict)
    for trial in trials:
        if trial["arm"] in (a, b) and trial["state"] == "done":
            found[trial["case"], trial["repetition"]][trial["arm"]] = trial
    pairs = [pair for _key, pair in sorted(found.items()) if len(pair) == 2]
    return (
        [effect_of(pair[a], scorers) for pair in pairs],
        [effect_of(pair[b], scorers) for pair in pairs],
        [pair[a]["story"] for pair in pairs],
    )


def _differences(
    trials: Sequence[Mapping[str, Any]],
    arms: Sequence[int],
    base: int | None,
    scorers: Sequence[str],
    seed: int,
) -> dict[int, statistics.PairedDifference]:
    if base is None:
        return {}
    return {
        arm: statistics.paired_difference(*paired_scores(trials, arm, base, scorers), seed=seed)
        for arm in arms
        if arm != base
    }


def _holm(differences: Mapping[int, statistics.PairedDifference]) -> dict[int, float]:
    known = {arm: found.p for arm, found in differences.items() if found.p is not None}
    adjusted = statistics.holm(list(known.values()))
    return dict(zip(known, adjusted, strict=True))


def _ratios(
    rows: Sequence[statistics.Trial], base: int | None, seed: int, draws: int
) -> list[dict[str, Any]]:
    """Empty where the baseline cost nothing or nothing of it was accepted: there is no ratio then."""
    summary = statistics.score_and_cost(rows)
    if base is None or not summary.get(base, (None, None))[1]:
        return []
    return [
        {
            "score": step.score,
            "arm": step.template,
            "ratio": _estimate(step.ratio),
            "reached": step.reached,
        }
        for step in statistics.cost_ratios(rows, base, seed=seed, draws=draws)
    ]


def _variance(
    trials: Sequence[Mapping[str, Any]],
    arms: Sequence[int],
    base: int | None,
    scorers: Sequence[str],
) -> dict[str, Any] | None:
    """Spread and correlation within stories, averaged over the arms' differences to the baseline."""
    if base is None:
        return None
    parts = [
        found
        for arm in arms
        if arm != base
        and (found := statistics.variance_parts(*paired_scores(trials, arm, base, scorers)))
    ]
    if not parts:
        return None
    return {
        "spread": sum(part.spread for part in parts) / len(parts),
        "correlation": sum(part.correlation for part in parts) / len(parts),
        "pairs": parts[0].pairs,
        "clusters": parts[0].clusters,
    }


_SCORE = {"left": 1.0, "right": 0.0, "tie": 0.5}


def _ranking(document: Mapping[str, Any], seed: int) -> dict[str, Any]:
    arm_of = {trial["id"]: trial["arm"] for trial in trials_of(document)}
    votes = [dict(zip(VOTE, row, strict=True)) for row in document["votes"]]
    counted = [
        vote
        for vote in votes
        if vote["repeat_of"] is None and arm_of[vote["left"]] != arm_of[vote["right"]]
    ]
    ballots = [
        (arm_of[vote["left"]], arm_of[vote["right"]], _SCORE[vote["outcome"]]) for vote in counted
    ]
    stories = [vote["story"] for vote in counted]
    clusters = stories if len(set(stories)) >= 5 else None
    ranking = statistics.bradley_terry(ballots, clusters, seed=seed)
    return {
        "votes": ranking.votes,
        "connected": ranking.connected,
        "left": _estimate(ranking.left),
        "method": ranking.method,
        "clustered": clusters is not None,
        "ranked": [
            {
                "arm": one.item, "elo": one.elo, "strength": one.strength, "low": one.low,
                "high": one.high, "rank": one.rank, "rank_low": one.rank_low,
                "rank_high": one.rank_high, "first": one.first, "top_three": one.top_three,
                "votes": one.votes,
            }
            for one in ranking
        ],
    }  # fmt: skip


def _raters(document: Mapping[str, Any]) -> dict[str, Any]:
    """Agreement of raters with each other (alpha over pairs that several saw) and with themselves."""
    votes = {row[0]: dict(zip(VOTE, row, strict=True)) for row in document["votes"]}
    chosen = {
        key: {"left": vote["left"], "right": vote["right"], "tie": 0}[vote["outcome"]]
        for key, vote in votes.items()
    }
    repeats = [
        (chosen[key], chosen[vote["repeat_of"]])
        for key, vote in votes.items()
        if vote["repeat_of"] in votes
    ]
    firsts = [(key, vote) for key, vote in votes.items() if vote["repeat_of"] is None]
    raters = sorted({vote["rater"] for _key, vote in firsts})
    units = sorted({tuple(sorted((vote["left"], vote["right"]))) for _key, vote in firsts})
    place = {unit: index for index, unit in enumerate(units)}
    ratings: list[list[int | None]] = [[None] * len(units) for _ in raters]
    for key, vote in firsts:
        unit = place[tuple(sorted((vote["left"], vote["right"])))]
        ratings[raters.index(vote["rater"])][unit] = chosen[key]
    alpha = alpha_interval(ratings, draws=400) if len(raters) > 1 else None
    same = sum(one == other for one, other in repeats)
    return {
        "raters": len(raters),
        "repeats": len(repeats),
        "with_oneself": _estimate(share(same, len(repeats))),
        "alpha": _estimate(alpha),
    }


def _judge(document: Mapping[str, Any], seed: int) -> dict[str, Any]:
    """What the judge said of each pair, both orders taken together, and how often it chose the first
    place: what the order decides is a tie."""
    arm_of = {trial["id"]: trial["arm"] for trial in trials_of(document)}
    rows = [dict(zip(JUDGEMENT, row, strict=True)) for row in document["judgements"]]
    usable = [row for row in rows if row["first"] and row["second"]]
    answers = [answer for row in usable for answer in (row["first"], row["second"])]
    decided = [answer for answer in answers if answer != "0"]
    survived = sum(row["first"] == _SWAPPED[row["second"]] for row in usable)
    ballots = [
        (arm_of[row["a"]], arm_of[row["b"]], verdict(row["first"], row["second"])) for row in usable
    ]
    stories = [row["story"] for row in usable]
    clusters = stories if len(set(stories)) >= 5 else None
    ranking = statistics.bradley_terry(ballots, clusters, seed=seed)
    return {
        "pairs": len(rows),
        "usable": len(usable),
        "survived": _estimate(share(survived, len(usable))),
        "first_place": _estimate(share(decided.count("1"), len(decided))),
        "ranked": [
            {"arm": one.item, "elo": one.elo, "rank": one.rank, "low": one.low, "high": one.high,
             "votes": one.votes}
            for one in ranking
        ],
    }  # fmt: skip


_SWAPPED = {"1": "2", "2": "1", "0": "0"}


def verdict(first: str, second: str) -> float:
    """The mean of both orders for `a`: 1 where it won twice, 0 where it lost twice; all else, as the
    order then decided or nothing did, is a tie."""
    return {("1", "2"): 1.0, ("2", "1"): 0.0}.get((first, second), 0.5)


def repriced(
    document: Mapping[str, Any], prices: Mapping[str, Mapping[str, int]]
) -> dict[str, Any]:
    """The document with every trial's cost by other prices: engine → input and output micro-units a
    million tokens, and a picture's. Nothing is asked of anybody; what has no price keeps what was paid.
    """
    engine_of = {arm["id"]: arm["engine"] for arm in document["arms"]}
    rows = []
    for trial in trials_of(document):
        price = prices.get(engine_of[trial["arm"]])
        if price is not None:
            micro = (
                trial["input_tokens"] * price["input"] + trial["output_tokens"] * price["output"]
            )
            pictures = price.get("picture", 0) * trial["calls"]
            trial["cost_micro"] = -(-micro // 1_000_000) + pictures
        rows.append([trial[name] for name in TRIAL])
    return {**document, "trials": rows}
