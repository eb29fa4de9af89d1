"""Text that is readable only with the field key: Fernet (AES-128-CBC with HMAC-SHA256).

The first key of `FIELD_ENCRYPTION_KEYS` encrypts, all of them decrypt, so a key is rotated by
putting the new one in front.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.db import models


@lru_cache(maxsize=4)
def _cipher(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key.encode("ascii")) for key in keys])


def cipher(keys: Sequence[str] | None = None) -> MultiFernet:
    return _cipher(tuple(keys if keys is not None else settings.FIELD_ENCRYPTION_KEYS))


class EncryptedTextField(models.TextField):
    """Encrypted at rest; cannot be searched or filtered on. The empty text stays empty."""

    def get_prep_value(self, value: Any) -> Any:
        if not value:
            return value
        return cipher().encrypt(str(value).encode("utf-8")).decode("ascii")

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        if not value:
            return value
        return cipher().decrypt(value.encode("ascii")).decode("utf-8")
