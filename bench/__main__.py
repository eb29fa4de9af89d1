"""``python -m bench [NAME…]``: a row for every benchmark, and ``var/bench/results.json``.

A benchmark is a module of this folder with ``rows()``, which yields mappings with exactly the keys
of ``KEYS``: what was done, our figure, the figure of another way (with its unit, or a number), how
many times better ours is (None where nothing compares), the aim, and whether it is met (None where
there is no aim). The exit
code does not depend on aims; a benchmark that breaks ends the run, the rows so far are kept.
"""

import argparse
import importlib
import json
import pkgutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import bench

RESULTS = Path(__file__).resolve().parents[1] / "var" / "bench" / "results.json"
KEYS = ("work", "ours", "other", "ratio", "aim", "met")


def names_of(chosen: list[str]) -> list[str]:
    """The benchmarks' names, all or the chosen ones.

    Raises ValueError where a chosen one does not exist.
    """
    names = sorted(
        module.name for module in pkgutil.iter_modules(bench.__path__) if module.name != "__main__"
    )
    unknown = sorted(set(chosen) - set(names))
    if unknown:
        raise ValueError(f"no benchmark named {', '.join(unknown)}; there are: {', '.join(names)}")
    return [name for name in names if not chosen or name in chosen]


def collect(names: list[str]) -> Iterator[dict[str, object]]:
    """The rows of each benchmark as they come; a module without ``rows`` is a part of others.

    Raises ValueError where a row has other keys.
    """
    for name in names:
        module = importlib.import_module(f"bench.{name}")
        if not hasattr(module, "rows"):
            continue
        for row in module.rows():
            if set(row) != set(KEYS):
                raise ValueError(f"bench.{name}: a row has the keys {sorted(row)}, not {KEYS}")
            yield {key: row[key] for key in KEYS}


def line(row: Mapping[str, object]) -> str:
    ratio = f"{row['ratio']:.2f}×" if isinstance(row["ratio"], int | float) else "–"
    mark = "–" if row["met"] is None else "met" if row["met"] else "NOT MET"
    return f"{row['work']} | {row['ours']} | {row['other']} | {ratio} | {row['aim']} | {mark}"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Run the benchmarks.")
    parser.add_argument("names", nargs="*", help="benchmarks to run (default: all)")
    try:
        names = names_of(parser.parse_args().names)
    except ValueError as error:
        print(f"bench: {error}", file=sys.stderr)
        return 2
    rows: list[dict[str, object]] = []
    print("work | ours | other | ratio | aim | met?")
    try:
        for row in collect(names):
            rows.append(row)
            print(line(row), flush=True)
    finally:
        RESULTS.parent.mkdir(parents=True, exist_ok=True)
        document = json.dumps({"rows": rows}, ensure_ascii=False, indent=2)
        RESULTS.write_text(document + "\n", encoding="utf-8")
    print(f"{len(rows)} rows → {RESULTS}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
