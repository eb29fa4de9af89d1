"""RSA with SHA-256 and PKCS #1 v1.5, as WeChat Pay and Alipay sign what we send."""

import base64
from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_private_key, load_pem_private_key

from crm.checkout import CheckoutError


@lru_cache(maxsize=4)
def private_key(text: str) -> RSAPrivateKey:
    """A PEM key, or the bare base64 that Alipay's tool writes. Raises `CheckoutError`."""
    try:
        if "-----BEGIN" in text:
            found = load_pem_private_key(text.replace("\\n", "\n").encode(), None)
        else:
            found = load_der_private_key(base64.b64decode("".join(text.split())), None)
    except (ValueError, TypeError) as error:
        raise CheckoutError("our private key cannot be read", permanent=True) from error
    if not isinstance(found, RSAPrivateKey):
        raise CheckoutError("our private key is no RSA key", permanent=True)
    return found


def signed(text: str, key: str) -> str:
    """The signature of a text, base64."""
    return base64.b64encode(private_key(key).sign(text.encode(), PKCS1v15(), SHA256())).decode()
