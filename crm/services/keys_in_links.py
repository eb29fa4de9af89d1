"""What stands in a personal link: the key of a row, signed, so that no other can be guessed.

A row has one link, whenever it is asked for: who copies it twice has the same one twice. How long
it works is the row's to say, not the link's.
"""

from django.core import signing


def link_token(key: int, *, salt: str) -> str:
    return signing.Signer(salt=salt).sign_object(key)


def link_key(token: str, *, salt: str) -> int | None:
    """The key behind a link, None where the signature is not ours.

    Links sent before December 2026 also say the second in which they were made: `key:second`.
    """
    try:
        value = signing.Signer(salt=salt).unsign(token)
    except signing.BadSignature:
        return None
    return int(signing.b64_decode(value.partition(":")[0].encode()))
