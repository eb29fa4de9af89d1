"""A dossier for a reader who has still to read passages blind: without the others' codes of them."""

from dataclasses import replace

from generation.features.dossier import Dossier
from insights.selectors import blind_interviews


def for_reader(found: Dossier, reader: int | None) -> Dossier:
    """The dossier without quotes of interviews that the reader still codes blind.

    They stay in the numbers, which tell nothing of a passage. One query.
    """
    withheld = set(blind_interviews(reader)) if reader is not None else set()
    if not withheld:
        return found
    return replace(
        found,
        pain_parts=tuple(
            replace(
                part,
                groups=tuple(
                    replace(
                        group,
                        quotes=tuple(
                            quote for quote in group.quotes if quote.interview not in withheld
                        ),
                    )
                    for group in part.groups
                ),
            )
            for part in found.pain_parts
        ),
    )
