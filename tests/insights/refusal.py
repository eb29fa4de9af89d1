"""What a service refuses, told by its code: the message is in the reader's language."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from crm.exceptions import DomainError


@contextmanager
def refused(code: str) -> Iterator[None]:
    with pytest.raises(DomainError) as caught:
        yield
    assert caught.value.code == code
