"""Public keys of providers, as they hand them out: PEM, a certificate, or bare base64."""

from __future__ import annotations

import base64
import binascii
from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key, load_pem_public_key
from cryptography.x509 import load_pem_x509_certificate


@lru_cache(maxsize=16)
def public_key(text: str) -> RSAPublicKey:
    """Raises ValueError where the text holds no RSA key of at least 2048 bits."""
    key = _loaded(text.strip().replace("\\n", "\n"))
    if not isinstance(key, RSAPublicKey) or key.key_size < 2048:
        raise ValueError("The key is no RSA key of at least 2048 bits.")
    return key


def _loaded(plain: str) -> object:
    if "BEGIN CERTIFICATE" in plain:
        return load_pem_x509_certificate(plain.encode()).public_key()
    if "BEGIN" in plain:
        return load_pem_public_key(plain.encode())
    try:
        return load_der_public_key(base64.b64decode(plain, validate=True))
    except binascii.Error as error:
        raise ValueError("The key is neither PEM nor base64.") from error
