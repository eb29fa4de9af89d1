"""Workflows and parameters as documents that a person may edit, with slots that code fills.

A template is a JSON object:

    kind        "webui", "comfyui" or "openai": which engine's language the body is in
    body        the payload, or ComfyUI's graph; "{{slot}}" alone takes the slot's own type,
                "{{slot}}" inside of text its words
    each        pieces that come once for every region or reference
    without     what is left out of the body where there is no region, or no reference
    parameters  numbers that may be set, each with default, least and most
    output      ComfyUI: the node whose picture is taken

A piece for ComfyUI has `nodes`, which may link to each other by name, `start`, the link that the
first one gets as "{{before}}", and `output`, which the next one gets; the last one's is what the
slot named by `into` stands for in the graph. A piece for WebUI or OpenAI has an `item`; the list
of them is what the slot named by `into` stands for.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

KINDS = ("webui", "comfyui", "openai")
LISTS = ("regions", "references")
SLOTS = frozenset({
    "prompt", "negative", "common", "seed", "width", "height", "model", "source", "strength",
    "job", "ratios", "regional_prompt", "count", "size",
})  # fmt: skip
REGION_SLOTS = frozenset({
    "region.prompt", "region.negative", "region.x", "region.y", "region.width", "region.height",
    "region.left", "region.top", "region.wide", "region.high", "region.mask", "region.number",
})  # fmt: skip
REFERENCE_SLOTS = frozenset({"reference.image", "reference.mask", "reference.number"})
OF_LIST = {"regions": REGION_SLOTS, "references": REFERENCE_SLOTS}
LARGEST = 64 * 1024
DEEPEST = 24
_SLOT = re.compile(r"\{\{\s*([a-z_.]+)\s*\}\}")
_NAME = re.compile(r"[a-z][a-z_]{0,29}\Z")
Value = Callable[[str], Any]


class BadTemplate(ValueError):
    """A template that cannot be used; `problems` name the place and the remedy, one each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Parameter:
    default: float
    least: float
    most: float

    def judged(self, value: object) -> float:
        """The value, held between the bounds; the default where it is no number."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            return self.default
        return min(max(value, self.least), self.most)


@dataclass(frozen=True, slots=True)
class Piece:
    over: str
    into: str
    item: Any = None
    nodes: Mapping[str, Any] = field(default_factory=dict)
    start: tuple[str, int] = ("", 0)
    after: str = ""  # the piece whose end is this one's start
    output: tuple[str, int] = ("", 0)


@dataclass(frozen=True, slots=True)
class Template:
    """A judged template. `digest` is of the document: part of an engine's version."""

    kind: str
    body: Mapping[str, Any]
    pieces: tuple[Piece, ...] = ()
    without: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    output: str = ""
    most_references: int = 0
    digest: str = ""

    def uses(self, slot: str) -> bool:
        """Whether a slot stands anywhere in it."""
        texts = [self.body, *(piece.item for piece in self.pieces)]
        texts += [piece.nodes for piece in self.pieces]
        return any(slot in _slots(text) for part in texts for _, text in _texts(part, ""))

    @property
    def takes_regions(self) -> bool:
        return any(piece.over == "regions" for piece in self.pieces) or self.uses("regional_prompt")

    def parameter_values(self, given: Mapping[str, object]) -> dict[str, float]:
        return {name: one.judged(given.get(name)) for name, one in self.parameters.items()}


def parse(document: object) -> Template:
    """The template of a document; raises `BadTemplate` with every problem that was found."""
    problems: list[str] = []
    if not isinstance(document, dict):
        raise BadTemplate(["the template must be a JSON object"])
    try:
        text = json.dumps(document, ensure_ascii=False, sort_keys=True, allow_nan=False)
    except (ValueError, TypeError, RecursionError) as error:
        raise BadTemplate(["the template holds what JSON cannot say (NaN, infinity)"]) from error
    if len(text.encode("utf-8", "surrogatepass")) > LARGEST:
        raise BadTemplate([f"the template is longer than {LARGEST // 1024} KB"])
    if _depth(document) > DEEPEST:
        raise BadTemplate([f"the template is nested deeper than {DEEPEST} levels"])
    strange = set(document) - {
        "kind", "body", "each", "without", "parameters", "output", "most_references",
    }  # fmt: skip
    if strange:
        problems.append(f"not known: {', '.join(sorted(strange))}")
    kind = document.get("kind")
    if kind not in KINDS:
        raise BadTemplate([*problems, f"kind: must be one of {', '.join(KINDS)}"])
    body = document.get("body")
    if not isinstance(body, dict) or not body:
        raise BadTemplate([*problems, "body: must be an object that is not empty"])
    parameters = _parameters(document.get("parameters", {}), problems)
    pieces = _pieces(document.get("each", []), kind, problems)
    without = _without(document.get("without", {}), problems)
    most = document.get("most_references", 0)
    if isinstance(most, bool) or not isinstance(most, int) or not 0 <= most <= 16:
        problems.append("most_references: must be a whole number from 0 to 16")
        most = 0
    output = document.get("output", "")
    template = Template(
        kind, body, pieces, without, parameters, str(output), most,
        sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12],
    )  # fmt: skip
    _judge_slots(template, problems)
    if kind == "comfyui":
        _judge_graph(template, problems)
    if problems:
        raise BadTemplate(problems)
    return template


def _depth(value: Any) -> int:
    if isinstance(value, dict):
        return 1 + max((_depth(item) for item in value.values()), default=0)
    if isinstance(value, list):
        return 1 + max((_depth(item) for item in value), default=0)
    return 0


def _parameters(told: object, problems: list[str]) -> dict[str, Parameter]:
    if not isinstance(told, dict):
        problems.append("parameters: must be an object")
        return {}
    found = {}
    for name, row in told.items():
        numbers = _numbers(row)
        if not _NAME.match(name) or name in SLOTS:
            problems.append(f"parameters.{name}: use small letters and _, and no slot's name")
        elif numbers is None or not numbers[1] <= numbers[0] <= numbers[2]:
            problems.append(f"parameters.{name}: needs numbers least <= default <= most")
        else:
            found[name] = Parameter(*numbers)
    return found


def _numbers(row: object) -> tuple[float, float, float] | None:
    told = [row.get(key) for key in ("default", "least", "most")] if isinstance(row, dict) else []
    right = [n for n in told if isinstance(n, int | float) and not isinstance(n, bool)]
    return (right[0], right[1], right[2]) if len(right) == 3 else None


def _link(value: object) -> tuple[str, int] | None:
    if isinstance(value, list) and len(value) == 2 and isinstance(value[0], str):
        if isinstance(value[1], int) and not isinstance(value[1], bool) and value[1] >= 0:
            return value[0], value[1]
    return None


def _pieces(told: object, kind: str, problems: list[str]) -> tuple[Piece, ...]:
    if not isinstance(told, list):
        problems.append("each: must be a list")
        return ()
    found: list[Piece] = []
    for order, row in enumerate(told):
        place = f"each[{order}]"
        if not isinstance(row, dict) or row.get("over") not in LISTS:
            problems.append(f"{place}.over: must be one of {', '.join(LISTS)}")
            continue
        into = row.get("into")
        if not isinstance(into, str) or not _NAME.match(into) or into in SLOTS:
            problems.append(f"{place}.into: use small letters and _, and no slot's name")
            continue
        if any(piece.into == into for piece in found):
            problems.append(f"{place}.into: {into} is taken by an earlier piece")
            continue
        if kind != "comfyui":
            if "item" not in row:
                problems.append(f"{place}.item: is missing")
                continue
            found.append(Piece(row["over"], into, item=row["item"]))
            continue
        nodes, start, output = row.get("nodes"), _link(row.get("start")), _link(row.get("output"))
        earlier = _SLOT.fullmatch(row["start"]) if isinstance(row.get("start"), str) else None
        after = earlier[1] if earlier else ""
        if after and all(piece.into != after for piece in found):
            problems.append(f"{place}.start: no earlier piece goes into {after}")
            continue
        if not isinstance(nodes, dict) or not nodes:
            problems.append(f"{place}.nodes: must be an object of nodes")
        elif (start is None and not after) or output is None:
            problems.append(f'{place}: start and output must be links such as ["node", 0]')
        elif output[0] not in nodes:
            problems.append(f"{place}.output: there is no node {output[0]} in this piece")
        else:
            found.append(
                Piece(
                    row["over"],
                    into,
                    nodes=nodes,
                    start=start or ("", 0),
                    after=after,
                    output=output,
                )
            )
    return tuple(found)


def _without(told: object, problems: list[str]) -> dict[str, tuple[str, ...]]:
    if not isinstance(told, dict) or set(told) - {*LISTS, "source"}:
        problems.append("without: must be an object of regions, references or source")
        return {}
    found = {}
    for name, paths in told.items():
        if not isinstance(paths, list) or not all(isinstance(path, str) and path for path in paths):
            problems.append(
                f"without.{name}: must be a list of places in the body, keys with / between"
            )
            continue
        found[name] = tuple(paths)
    return found


def _texts(value: Any, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _texts(item, f"{place}.{key}")
    elif isinstance(value, list):
        for order, item in enumerate(value):
            yield from _texts(item, f"{place}[{order}]")


def _slots(text: str) -> list[str]:
    return _SLOT.findall(text)


def _judge_slots(template: Template, problems: list[str]) -> None:
    general = SLOTS | set(template.parameters) | {piece.into for piece in template.pieces}
    parts: list[tuple[str, Any, frozenset[str]]] = [("body", template.body, frozenset(general))]
    for order, piece in enumerate(template.pieces):
        known = frozenset(general | OF_LIST[piece.over] | {"before"})
        parts.append((f"each[{order}]", piece.item if piece.nodes == {} else piece.nodes, known))
    for place, part, known in parts:
        for at, text in _texts(part, place):
            problems += [
                f"{at}: the slot {slot} is not known here"
                for slot in _slots(text)
                if slot not in known
            ]
            if "{{" in _SLOT.sub("", text) or "}}" in _SLOT.sub("", text):
                problems.append(f"{at}: a slot is written {{{{name}}}}, in small letters")
    if not any(template.uses(slot) for slot in ("prompt", "common", "regional_prompt")):
        problems.append("body: nothing takes the prompt; put {{prompt}} where the words belong")
    if template.kind != "openai" and not template.uses("seed"):
        problems.append("body: nothing takes the seed; without {{seed}} every picture is the same")
    if template.kind == "comfyui" and not template.uses("job"):
        problems.append(
            "body: nothing takes {{job}}; put it into the filename_prefix, or the server answers "
            "an equal graph with an old picture"
        )


def _judge_graph(template: Template, problems: list[str]) -> None:
    nodes = template.body
    chains = {piece.into for piece in template.pieces}
    for name, node in nodes.items():
        problems += _judge_node(f"body.{name}", node, set(nodes), chains)
    for order, piece in enumerate(template.pieces):
        there = {*piece.nodes, *nodes}
        if not piece.after and piece.start[0] not in nodes:
            problems.append(f"each[{order}].start: there is no node {piece.start[0]} in the body")
        for name, node in piece.nodes.items():
            place = f"each[{order}].nodes.{name}"
            problems += _judge_node(place, node, there, {*chains, "before"})
    if template.output not in nodes:
        problems.append("output: must name the node of the body whose picture is taken")


def _judge_node(place: str, node: object, there: set[str], chains: set[str]) -> list[str]:
    if not isinstance(node, dict) or not isinstance(node.get("class_type"), str):
        return [f"{place}: needs a class_type"]
    inputs = node.get("inputs", {})
    if not isinstance(inputs, dict):
        return [f"{place}.inputs: must be an object"]
    found = []
    for key, value in inputs.items():
        link = _link(value)
        if link is not None and link[0] not in there:
            found.append(f"{place}.inputs.{key}: there is no node {link[0]}")
    return found


def filled(
    template: Template,
    value: Value,
    *,
    regions: int,
    references: int,
    item: Callable[[str, int], Value],
    source: bool = False,
) -> dict[str, Any]:
    """The body with every slot filled.

    `value(slot)` gives a general slot's value, `item(list, order)(slot)` one of a region or
    reference. What is not asked for is not computed: a mask is uploaded only where it is used.
    """
    counts = {"regions": regions, "references": references}
    body: dict[str, Any] = copy.deepcopy(dict(template.body))
    for name, paths in template.without.items():
        absent = not source if name == "source" else not counts[name]
        for path in paths if absent else ():
            _leave_out(body, path.split("/"))
    made: dict[str, Any] = {}
    extra: dict[str, Any] = {}
    for piece in template.pieces:
        many = range(counts[piece.over])
        if piece.nodes:
            before: list[Any] = list(made[piece.after] if piece.after else piece.start)
            for order in many:
                before = _chained(piece, order, before, value, item(piece.over, order), extra)
            made[piece.into] = before
        else:
            made[piece.into] = [
                _fill(piece.item, _either(item(piece.over, order), value)) for order in many
            ]

    def told(slot: str) -> Any:
        return made[slot] if slot in made else value(slot)

    whole: dict[str, Any] = _fill(body, told)
    return {**whole, **extra}


def _leave_out(body: Any, keys: list[str]) -> None:
    for key in keys[:-1]:
        body = body.get(key) if isinstance(body, dict) else None
    if isinstance(body, dict):
        body.pop(keys[-1], None)


def _either(first: Value, second: Value) -> Value:
    def told(slot: str) -> Any:
        return first(slot) if "." in slot else second(slot)

    return told


def _chained(
    piece: Piece, order: int, before: list[Any], value: Value, own: Value, extra: dict[str, Any]
) -> list[Any]:
    def named(name: str) -> str:
        return f"{piece.into}{order + 1}_{name}"

    def told(slot: str) -> Any:
        return before if slot == "before" else _either(own, value)(slot)

    for name, node in piece.nodes.items():
        filled_node = _fill(copy.deepcopy(node), told)
        for key, given in filled_node.get("inputs", {}).items():
            link = _link(given)
            if link is not None and link[0] in piece.nodes:
                filled_node["inputs"][key] = [named(link[0]), link[1]]
        extra[named(name)] = filled_node
    return [named(piece.output[0]), piece.output[1]]


def _fill(value: Any, told: Value) -> Any:
    if isinstance(value, str):
        whole = _SLOT.fullmatch(value.strip())
        if whole:
            return told(whole[1])
        return _SLOT.sub(lambda found: str(told(found[1])), value)
    if isinstance(value, dict):
        return {key: _fill(item, told) for key, item in value.items()}
    if isinstance(value, list):
        return [_fill(item, told) for item in value]
    return value
