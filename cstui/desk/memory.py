"""Memory that this process no longer uses, given back to the system before its next stage asks for more. Knows no stage."""

from __future__ import annotations

import sys


def give_back() -> None:
    """Give back what was freed between things still held: after many large arrays have come and gone, that is half of all."""
    if not sys.platform.startswith("linux"):
        return
    import ctypes  # for large imports alone

    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc has it; others give back by themselves
    if trim is not None:
        trim(0)
