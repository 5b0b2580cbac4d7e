# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Lists of the server that may be outdated by the time of a write."""

from __future__ import annotations

import pytest

from ansible_collections.astera.data_stack.plugins.module_utils._engine.lookup import LOOKED_AT_PER_CREATION, ListCache


class Server:
    """A list that each creation makes longer. Counts calls, looks, and how many objects these looks had."""

    def __init__(self, size):
        self.size = size
        self.calls = self.looks = self.seen = 0
        #: The longest row of creations without a look.
        self.unseen = self.longest = 0

    def read(self):
        self.calls += 1
        self.looks += 1
        self.seen += self.size
        self.unseen = 0
        return [{"id": number, "name": str(number)} for number in range(self.size)]

    def create(self, catalogue):
        if catalogue.needs_refresh(creates=True):
            catalogue.forget()
            assert catalogue.listing is not None
        self.calls += 1
        self.size += 1
        self.unseen += 1
        self.longest = max(self.longest, self.unseen)


def catalogue_of(server):
    catalogue = ListCache(server.read, lambda: server.calls)
    assert catalogue.listing is not None
    return catalogue


@pytest.mark.parametrize(("size", "creations", "longest"), [(0, 20, 1), (15, 5, 1), (500, 100, 30), (0, 1000, 51)])
def test_looks_before_creations_are_many_where_cheap_and_never_dear(size, creations, longest):
    server = Server(size)
    catalogue = catalogue_of(server)
    for _number in range(creations):
        server.create(catalogue)
    assert server.longest <= longest
    # Besides, there are the look of the plan, the first one of these, and the last one, which nothing came after.
    assert server.seen <= 2 * size + LOOKED_AT_PER_CREATION * creations + server.size


def test_only_what_came_in_between_makes_a_list_outdated():
    server = Server(500)
    catalogue = catalogue_of(server)
    assert not catalogue.needs_refresh(creates=True)
    assert not catalogue.needs_refresh(creates=False)
    server.calls += 1
    assert catalogue.needs_refresh(creates=False)
    assert catalogue.needs_refresh(creates=True)
    # Updates and deletions that nothing guards are worth a look each time.
    assert not catalogue.needs_refresh(creates=True)
    assert catalogue.needs_refresh(creates=False)
