"""One error for every vendor: what went wrong, whether trying again may help, whether it was billed."""

from enum import StrEnum


class Billed(StrEnum):
    """What is known about money after a call that gave no answer."""

    SURELY_NOT = "surely_not"
    UNKNOWN = "unknown"
    SURELY = "surely"


class EngineError(Exception):
    """A call to the outside that gave no usable answer.

    `permanent`: the same call will fail again until somebody changes something. `billed`: only
    `SURELY_NOT` may be tried again by machine. `retry_after` is in seconds, where the engine asked
    for a pause. `usage` is what the engine reported, where it billed without answering. The message
    is for operators: it never holds the request's text nor the engine's words.
    """

    def __init__(
        self,
        message: str,
        *,
        code: str,
        permanent: bool,
        billed: Billed,
        retry_after: float | None = None,
        usage: object | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.permanent = permanent
        self.billed = billed
        self.retry_after = retry_after
        self.usage = usage

    @property
    def may_retry(self) -> bool:
        """Whether a machine may make this call again: it surely cost nothing and may yet succeed."""
        return self.billed is Billed.SURELY_NOT and not self.permanent
