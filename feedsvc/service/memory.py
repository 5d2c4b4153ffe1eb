"""Large blocks of memory go back to the system as soon as they are free."""

from __future__ import annotations

import ctypes
from contextlib import suppress

#: mallopt(3): blocks of at least so many bytes are mapped by themselves. glibc begins with 128 KiB and raises that to
#: the size of each larger block that is given back: after one page of ten megabytes, the next ones lie on the heap,
#: and what lies above them there keeps their place taken for good.
_M_MMAP_THRESHOLD, _LARGE = -3, 1024 * 1024


def return_large_blocks() -> None:
    """Have the pages that this process fetches leave nothing behind; without effect where the C library is another."""
    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, _LARGE)
