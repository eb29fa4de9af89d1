from __future__ import annotations

import pytest

from generation.story.english_names import join_names


def _joined(counts: dict[str, int]) -> dict[str, set[str]]:
    people = join_names(counts, counts, short=False)
    return {person.name: person.aliases for person in people}


@pytest.mark.parametrize(
    ("counts", "name", "aliases"),
    [
        ({"Holmes": 290, "Sherlock Holmes": 83, "Mr. Holmes": 70}, "Sherlock Holmes", {"Holmes", "Mr. Holmes"}),
        ({"Tom": 680, "Tom Sawyer": 26, "Thomas Sawyer": 3}, "Tom Sawyer", {"Tom", "Thomas Sawyer"}),
        ({"Elizabeth": 620, "Elizabeth Bennet": 5, "Lizzy": 95, "Miss Eliza": 4, "Lady Catherine": 90}, "Elizabeth Bennet", {"Elizabeth", "Lizzy", "Miss Eliza"}),
        ({"Mr. Darcy": 270, "Darcy": 102, "Miss Darcy": 39}, "Mr. Darcy", {"Darcy"}),
        ({"Van Helsing": 240, "Professor Van Helsing": 8, "Professor": 170, "Dr. Seward": 60}, "Van Helsing", {"Professor", "Professor Van Helsing"}),
        ({"Sir Henry": 130, "Sir Henry Baskerville": 22, "Henry Baskerville": 5}, "Sir Henry", {"Sir Henry Baskerville"}),
    ],
)  # fmt: skip
def test_the_forms_of_one_name_are_one_person(
    counts: dict[str, int], name: str, aliases: set[str]
) -> None:
    joined = _joined(counts)
    owner = next(forms for forms in joined.values() if name in forms)
    assert aliases <= owner


@pytest.mark.parametrize(
    ("counts", "one", "other"),
    [
        ({"Mr. Bennet": 80, "Mrs. Bennet": 150}, "Mr. Bennet", "Mrs. Bennet"),
        ({"Joe": 600, "Joe Gargery": 9, "Mrs. Joe": 60}, "Joe", "Mrs. Joe"),
        ({"Becky Thatcher": 20, "Becky": 90, "Judge Thatcher": 15, "Mrs. Thatcher": 12}, "Becky", "Judge Thatcher"),
        ({"Rose Maylie": 20, "Rose": 140, "Mrs. Maylie": 50, "Harry Maylie": 9}, "Rose", "Mrs. Maylie"),
        ({"Mr. Hale": 250, "Frederick Hale": 4, "Frederick": 200}, "Mr. Hale", "Frederick"),
        ({"Kitty": 70, "Lady Catherine": 100, "Lady Catherine de Bourgh": 12}, "Kitty", "Lady Catherine"),
        ({"John Reed": 12, "John Rivers": 14, "John": 40}, "John Reed", "John Rivers"),
    ],
)  # fmt: skip
def test_the_family_of_one_name_stays_several_people(
    counts: dict[str, int], one: str, other: str
) -> None:
    joined = _joined(counts)
    assert not any({one, other} <= aliases for aliases in joined.values())
