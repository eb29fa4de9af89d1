"""Pictures' memory given back as soon as they are gone.

glibc answers a freed block of a picture's size by keeping the next ones in its arenas, one a thread,
where holes are never returned: a film's process grows for its first minute, to twice what it uses.
With a fixed threshold every plane is a mapping of its own. Where the C library is another one,
nothing is done.
"""

from __future__ import annotations

import ctypes
from functools import cache

# mallopt(3): M_MMAP_THRESHOLD, in bytes; a chroma plane of 1080×1920 has 518,400.
_M_MMAP_THRESHOLD = -3
_THRESHOLD = 256 * 1024


@cache
def give_back_planes() -> bool:
    """Set it for this process, once; whether the C library knows of it."""
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError):
        return False
    return bool(mallopt(_M_MMAP_THRESHOLD, _THRESHOLD))
