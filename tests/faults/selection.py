"""Which cells are tried: all of them, or in each run of the tests a slice that has something of everything."""

from __future__ import annotations

import os
import zlib

from .orders import FAULTS, Fault

#: Set by ``make fault-matrix``.
ALL = os.environ.get("FAULT_MATRIX") == "all"
#: One in so many cells is in the slice. Every request of every sample is, and every fault.
STRIDE = 11


def faults_for(point: str) -> list[Fault]:
    """The faults to be tried at a point: a request of a sample."""
    if ALL:
        return list(FAULTS)
    start = zlib.crc32(point.encode())
    return [fault for number, fault in enumerate(FAULTS) if (number + start) % STRIDE == 0]
