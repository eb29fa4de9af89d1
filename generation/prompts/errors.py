"""What can be wrong with a template; each error names the place and the remedy."""

from __future__ import annotations


class PromptError(ValueError):
    """A template, a file of templates or a name that cannot be used. `code` says which way."""

    def __init__(self, code: str, message: str, **facts: object) -> None:
        super().__init__(message)
        self.code = code
        self.facts = facts
