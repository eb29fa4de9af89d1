"""What somebody who trusts none of our code writes: the table of a choice out of its file alone.

Run as `python -I sceptic.py FILE`; standard library only, nothing of this house is imported. Prints a
JSON object: for each arm its score, share and cost of accepted results, difference to the baseline
with the exact p of flipping stories, and its strength by votes; the founding number; the chosen one.
"""

import itertools
import json
import math
import sys


def rows(document, name):
    return [dict(zip(document["columns"][name], row, strict=True)) for row in document[name]]


def mean(values):
    return math.fsum(values) / len(values) if values else None


def effect(document, trial):
    known = [trial["scores"].get(name) for name in document["effect"]]
    return mean([value for value in known if value is not None])


def arms(document, trials):
    paid = any(trial["cost_micro"] for trial in trials)
    found = {}
    for arm in document["arms"]:
        own = [t for t in trials if t["arm"] == arm["id"] and t["state"] in ("done", "failed")]
        spent = sum(
            t["cost_micro"] if paid else t["input_tokens"] + t["output_tokens"] for t in own
        )
        kept = sum(bool(t["accepted"]) for t in own)
        scores = [score for t in own if (score := effect(document, t)) is not None]
        found[arm["id"]] = {
            "score": mean(scores), "accepted": kept / len(own), "cost": spent / kept if kept else None,
        }  # fmt: skip
    return found


def against(document, trials, arm, base):
    """Mean paired difference, and the p of all sign flips of whole stories."""
    by = {(t["arm"], t["case"], t["repetition"]): t for t in trials if t["state"] == "done"}
    stories = {}
    count = 0
    for (who, case, turn), trial in by.items():
        other = by.get((base, case, turn))
        if who == arm and other is not None:
            gap = effect(document, trial) - effect(document, other)
            stories[trial["story"]] = stories.get(trial["story"], 0.0) + gap
            count += 1
    sums = list(stories.values())
    seen = abs(sum(sums))
    flips = list(itertools.product((1, -1), repeat=len(sums)))
    reach = sum(
        abs(sum(sign * one for sign, one in zip(flip, sums, strict=True))) >= seen * (1 - 1e-12)
        for flip in flips
    )
    return sum(sums) / count, reach / len(flips)


def holm(values):
    order = sorted(values, key=values.get)
    highest, found = 0.0, {}
    for place, name in enumerate(order):
        highest = max(highest, min(1.0, (len(order) - place) * values[name]))
        found[name] = highest
    return found


def strengths(document, trials):
    """Bradley–Terry by plain gradient steps: slow, but another road than Newton's."""
    arm = {t["id"]: t["arm"] for t in trials}
    wins = {}
    for vote in rows(document, "votes"):
        if vote["repeat_of"] is None and arm[vote["left"]] != arm[vote["right"]]:
            a, b = arm[vote["left"]], arm[vote["right"]]
            score = {"left": 1.0, "right": 0.0, "tie": 0.5}[vote["outcome"]]
            wins[a, b] = wins.get((a, b), 0.0) + score
            wins[b, a] = wins.get((b, a), 0.0) + 1 - score
    names = sorted({name for pair in wins for name in pair})
    at = dict.fromkeys(names, 0.0)
    for _ in range(20_000):
        push = {}
        for a in names:
            push[a] = -0.01 * at[a]
            for b in names:
                n = wins.get((a, b), 0.0) + wins.get((b, a), 0.0)
                push[a] += wins.get((a, b), 0.0) - n / (1 + math.exp(at[b] - at[a]))
        at = {name: at[name] + 0.05 * push[name] for name in names}
    middle = mean(list(at.values())) if at else 0.0
    return {name: value - middle for name, value in at.items()}


def table(document):
    trials = rows(document, "trials")
    found = arms(document, trials)
    base = next(arm["id"] for arm in document["arms"] if arm["baseline"])
    p_values = {}
    for arm, told in found.items():
        if arm != base:
            told["difference"], p_values[arm] = against(document, trials, arm, base)
            told["p"] = p_values[arm]
    for arm, p in holm(p_values).items():
        found[arm]["p_holm"] = p
    for arm, strength in strengths(document, trials).items():
        found[arm]["strength"] = strength
    ratios = []
    for score in sorted({round(told["score"], 12) for told in found.values()}):
        reach = [
            (told["cost"], arm)
            for arm, told in found.items()
            if told["cost"] is not None and round(told["score"], 12) >= score
        ]
        cheapest = min(reach) if reach else (None, None)
        whole = found[base]["cost"]
        ratios.append([score, cheapest[0] / whole if reach and whole else None])
    chosen = next(arm for arm in document["arms"] if arm["id"] == document["chosen"])
    return {"arms": found, "ratios": ratios, "chosen": [chosen["template"], chosen["engine"]]}


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        sys.stdout.write(json.dumps(table(json.load(file))))
