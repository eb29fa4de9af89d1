"""The one exception of the local services."""

from pathlib import Path


class LocalServiceError(ValueError):
    """A local service cannot be used; the message says what is wrong and what to do.

    ``code`` is stable for callers; ``log`` is the file to look into, where there is one.
    """

    def __init__(self, code: str, message: str, log: Path | None = None) -> None:
        super().__init__(f"{message} (log: {log})" if log else message)
        self.code = code
        self.log = log
