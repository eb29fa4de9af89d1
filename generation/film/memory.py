"""One place for the memory of pictures, so that a long film takes no more of it than a short one.

glibc gives every thread an arena of its own to allocate from, and a film has a dozen threads, drawing
and encoding; what one frees another cannot use, so the process grows for as long as the pictures
happen to move between them. With one arena they share it. (A fixed threshold for mappings keeps the
process smaller still, at a fifth more processor time for page faults.) Where the C library is
another one, nothing is done.
"""

from __future__ import annotations

import ctypes
from functools import cache

_M_ARENA_MAX = -8


@cache
def share_one_arena() -> bool:
    """Set it for this process, once; whether the C library knows of it."""
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError):
        return False
    return bool(mallopt(_M_ARENA_MAX, 1))
