"""Calls of the API in plays: what reaches the screen, and what later tasks get."""

from __future__ import annotations

import pytest

API = "astera.data_stack.astera_api"
CONFIG = "/api/Server/Config"
#: A password that the server shows, and that no task was given.
SHOWN = "canary-shown-7"


@pytest.fixture
def shown(emulator):
    emulator.settings.config_password = "plain"
    emulator.put("config", {"serverDbInfo": {"password": SHOWN}})
    return emulator


def test_redacted_responses_work_with_async(shown, play, tasks):
    result = play(tasks({API: {"path": CONFIG}, "async": 30, "poll": 1}), "-vvv")
    assert result.ok, result.output
    assert SHOWN not in result.output


@pytest.mark.parametrize("in_process", [True, False])
def test_bodies_from_templates(emulator, play, tasks, in_process):
    """Data, JSON as text, a loop, module defaults and check mode; the same on each ansible-core."""
    # Within a dictionary a template gives text with ansible-core before 2.19.
    settings = "{{ {'id': 1, 'name': 'FROM A PLAY', 'purgeJobInfoAfter': days | int} }}"
    call = {"method": "POST", "path": "/api/Cluster"}
    book = tasks(
        {API: {**call, "body": "{{ settings }}"}, "register": "data"},
        {API: {**call, "body": "{{ settings | to_json }}"}, "register": "text"},
        {API: {**call, "body": "{{ settings | combine({'name': item}) }}"}, "loop": ["A", "B"]},
        {API: {**call, "body": {"name": "X"}}, "check_mode": True, "register": "predicted"},
        {
            "ansible.builtin.assert": {
                "that": ["data is changed", "text is changed", "predicted is changed", "predicted.status is none"]
            }
        },
    )
    variables = {"settings": settings, "days": 30, "astera_in_process": in_process}
    result = play(book, variables=variables)
    assert result.ok, result.output
    sent = [request.json for request in emulator.writes]
    assert [body["name"] for body in sent] == ["FROM A PLAY", "FROM A PLAY", "A", "B"]
    assert all(body["id"] == 1 for body in sent)
    assert emulator.state()["cluster"]["purgeJobInfoAfter"] == 30
