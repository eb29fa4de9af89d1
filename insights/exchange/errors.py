"""What an exchange file says that cannot be used: as a whole (error) or in part (remark)."""

from __future__ import annotations

from dataclasses import dataclass


class ExchangeError(ValueError):
    """Nothing of the file can be used. `code` is stable, `values` name the place."""

    def __init__(self, code: str, **values: str | int) -> None:
        super().__init__(f"{code} {values}" if values else code)
        self.code = code
        self.values = values


@dataclass(frozen=True)
class Remark:
    """Something that was left out or guessed; `count` rows, `detail` names an example or a cause."""

    code: str
    count: int = 1
    detail: str = ""
