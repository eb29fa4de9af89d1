class DomainError(Exception):
    """Something the user can mend; the message is for them, the code for machines."""

    def __init__(self, message: str, code: str = "refused") -> None:
        super().__init__(message)
        self.code = code
