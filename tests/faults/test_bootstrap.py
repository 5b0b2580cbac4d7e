"""A fault at every request of a bootstrap, on many servers at once."""

from __future__ import annotations

import pytest

from .bootstrap import Fleet
from .orders import ONCE
from .selection import ALL, faults_for

#: Servers in one play, and plays: the exhaustive run shares its cells out among several tests.
SIZE, PARTS = (40, 8) if ALL else (12, 1)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_a_fault_at_every_request(tmp_path, stranger, record, part):
    fleet = Fleet(tmp_path, SIZE, stranger)
    bad = []
    with fleet.running():
        requests, desired = fleet.healthy()
        points = [(index, faults_for(f"bootstrap {index}")) for index in range(1, requests + 1)]
        # What goes on to the end of the run ends the first task that meets it, which the modules show as well.
        cells = [(fault, index) for index, faults in points for fault in faults if fault in ONCE]
        # A cell costs much more here than with a module, so the slice is thinner.
        mine = cells[part::PARTS] if ALL else cells[:: len(cells) // SIZE + 1]
        for start in range(0, len(mine), SIZE):
            batch = mine[start : start + SIZE]
            for (fault, index), verdict in zip(batch, fleet.try_out(batch, desired), strict=True):
                bad += record("role bootstrap", f"request {index}", fault.name, verdict)
    assert not bad, "\n".join(bad)
