"""Calls of the API in plays: what reaches the screen, and what later tasks get."""

from __future__ import annotations

import json
import re

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


@pytest.mark.parametrize("in_process", [True, False])
def test_the_whole_response_is_registered_and_not_printed(shown, play, tasks, tmp_path, in_process):
    copy = {"dest": str(tmp_path / "response"), "content": "{{ config.json | to_json }}", "mode": "0600"}
    book = tasks(
        {API: {"path": CONFIG, "answer": "whole"}, "register": "config"},
        {"ansible.builtin.copy": copy, "no_log": True},
        {API: {"path": CONFIG}, "register": "masked"},
        {"ansible.builtin.debug": {"var": "masked"}},
    )
    result = play(book, "-vvvv", "--diff", variables={"astera_in_process": in_process})
    assert result.ok, result.output
    assert SHOWN not in result.output
    assert json.loads((tmp_path / "response").read_text())["serverDbInfo"]["password"] == SHOWN
    assert bool(re.search(r"Using module file .*astera_api\.py", result.output)) is not in_process


def test_the_whole_response_is_rejected_with_async(shown, play, tasks):
    """Ansible would store the response in a file."""
    result = play(tasks({API: {"path": CONFIG, "answer": "whole"}, "async": 10, "poll": 1}))
    assert not result.ok
    assert "answer: whole and async exclude each other" in result.output
    assert not shown.requests


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
