"""A small cast and shots for the tests of the frames."""

from __future__ import annotations

from collections.abc import Sequence


def person(key: str, seed: int, name: str = "某人", **traits: object) -> dict[str, object]:
    """One character in the shape of storyboard.json's cast."""
    return {
        "id": key,
        "name": name,
        "aliases": [],
        "mentions": 1,
        "first_at": 0,
        "seed": seed,
        "appearance": {"summary": name, "traits": traits, "states": []},
        "reference": None,
    }


CAST: dict[str, dict[str, object]] = {
    one["id"]: one  # type: ignore[misc]
    for one in (
        person(
            "wukong",
            1,
            "孙悟空",
            species="monkey",
            gender="male",
            clothes="armour",
            headgear="headband",
            accessory="staff",
            colours=["#d9a32b", "#b23a35"],
        ),
        person(
            "daiyu",
            2,
            "林黛玉",
            gender="female",
            age="youth",
            clothes="hanfu",
            hair="bun",
            accessory="fan",
            colours=["#7fa6a0", "#f0d9e4"],
        ),
        person(
            "tang",
            3,
            "唐僧",
            gender="male",
            clothes="monk_robe",
            hair="bald",
            accessory="staff",
            colours=["#b5482f", "#e8c15a"],
        ),
        person(
            "bajie",
            4,
            "猪八戒",
            species="pig",
            gender="male",
            build="stout",
            clothes="robe",
            headgear="official_cap",
            colours=["#39406b", "#8fa36b"],
        ),
        person(
            "boss",
            5,
            "陆总",
            gender="male",
            clothes="suit",
            hair="short",
            accessory="glasses",
            colours=["#3d4a5c", "#a8433a"],
        ),
        person(
            "child",
            6,
            "小翠",
            gender="female",
            age="child",
            clothes="dress",
            hair="twin_buns",
            colours=["#cf6a7c", "#5f8f5a"],
        ),
        person(
            "general",
            7,
            "将军",
            gender="male",
            build="strong",
            clothes="coat",
            headgear="hat",
            beard="short",
            accessory="scarf",
            colours=["#5b6b3a", "#d3b13c"],
        ),
    )
}


def shot_of(
    framing: str,
    ids: Sequence[str],
    *,
    index: int = 0,
    pose: str = "stand",
    expression: str = "neutral",
    movement: str = "static",
    top: float = 0.12,
    height: float = 0.84,
) -> dict[str, object]:
    """A shot with the characters side by side in equal boxes."""
    wide = 1 / max(1, len(ids))
    cast = [
        {
            "id": key,
            "box": [wide * order, top, wide, height],
            "pose": pose,
            "expression": expression,
        }
        for order, key in enumerate(ids)
    ]
    return {
        "index": index,
        "scene": 0,
        "start": 0,
        "end": 1,
        "framing": framing,
        "movement": movement,
        "cast": cast,
        "lines": [],
    }
