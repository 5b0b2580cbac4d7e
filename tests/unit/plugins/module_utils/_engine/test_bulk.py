# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Many objects in one task, on a server that counts its requests."""

from __future__ import annotations

import pytest

from ansible_collections.astera.data_stack.plugins.module_utils._engine.bulk import Bulk
from ansible_collections.astera.data_stack.plugins.module_utils._engine.field import Field, show_object
from ansible_collections.astera.data_stack.plugins.module_utils._engine.lookup import ListCache
from ansible_collections.astera.data_stack.plugins.module_utils._engine.plan import make_plan
from ansible_collections.astera.data_stack.plugins.module_utils._engine.resource import NamedResource

FIELDS = (Field("name", "name"), Field("size", "size", "int"))


class Server:
    """A client and its server. ``script`` has what somebody else does before a request, by its number from 0."""

    check_mode = False

    def __init__(self, script=()):
        self.objects = []
        self.requests = []
        self._script = dict(script)

    def _count(self, request):
        if len(self.requests) in self._script:
            self.objects.append({"id": 1000 + len(self.requests), "name": self._script[len(self.requests)]})
        self.requests.append(request)

    def read(self):
        self._count("read")
        return [dict(obj) for obj in self.objects]

    def write(self, body):
        self._count("write")
        if body.get("id"):
            self.objects = [body if obj["id"] == body["id"] else obj for obj in self.objects]
        else:
            self.objects.append({**body, "id": len(self.objects) + 1, "updateDtTm": "0"})

    def report(self, line, *values):
        pass


class Thing(NamedResource):
    def __init__(self, server, cache, params):
        super().__init__("thing", params, cache)
        self._server = server
        self._params = params

    def plan(self, current):
        desired = {name: value for name, value in self._params.items() if name in ("name", "size")}
        return make_plan(FIELDS, current, desired)

    def write(self, plan):
        self._server.write(dict(plan.body))

    def show(self, obj):
        return show_object(FIELDS, obj)


def ensure(server, entries):
    cache = ListCache(server.read)
    bulk = Bulk(server, "thing", cache, lambda params: Thing(server, cache, params))
    return bulk.ensure({"things": entries, "unlisted": "keep", "continue_on_error": False})


@pytest.mark.parametrize("number", [1, 2, 1000])
def test_creations_read_the_list_three_times_however_many_they_are(number):
    server = Server()
    entries = [{"name": f"T{number}", "size": 1} for number in range(number)]
    assert ensure(server, entries).changed
    assert server.requests == ["read", "read", *["write"] * number, "read"]
    server.requests.clear()
    assert not ensure(server, entries).changed
    assert server.requests == ["read"]


def test_what_the_second_read_shows_is_not_created():
    """The second read comes with the first creation, and serves all that follow."""
    server = Server({1: "B"})
    result = ensure(server, [{"name": name} for name in "ABC"])
    assert [part.changed for part in result.parts] == [True, False, True]
    assert sorted(obj["name"] for obj in server.objects) == ["A", "B", "C"]
    assert server.requests == ["read", "read", "write", "write", "read"]


def test_what_somebody_else_creates_after_that_is_found_by_the_read_back():
    server = Server({3: "B", 4: "A"})
    result = ensure(server, [{"name": name} for name in "ABC"])
    assert result.error.kind == "conflict"
    message = result.error.to_result()["msg"]
    assert "2 things are named 'A' (ids 1, 1004)" in message
    assert "2 things are named 'B' (ids 1003, 3)" in message
    assert [entry.get("failed", False) for entry in result.returned["results"]] == [True, True, False]
