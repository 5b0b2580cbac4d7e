"""Arguments of the source: checked like the options of the modules."""

from __future__ import annotations

import pytest

from ansible_collections.astera.data_stack.plugins.module_utils._errors import AsteraError
from ansible_collections.astera.data_stack.plugins.plugin_utils._eda.options import options_from

SERVER = {"server_url": "https://etl01:9261", "username": "admin", "password": "secret-7"}


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch):
    for name in ("SERVER_URL", "USERNAME", "PASSWORD", "TOKEN", "RETRIES", "REQUEST_TIMEOUT", "CA_PATH"):
        monkeypatch.delenv(f"ASTERA_{name}", raising=False)


def test_defaults():
    options = options_from(dict(SERVER))
    assert options.connection.server_url == "https://etl01:9261"
    assert (options.connection.retries, options.connection.request_timeout) == (0, 10.0)
    assert (options.interval, options.down_after, options.feedback_timeout) == (30.0, 3, 120.0)
    assert options.watch == ["deployments", "schedules", "cluster", "server_config"]
    assert (options.job_ids, options.jobs_after, options.host, options.state_file) == ([], None, None, None)
    assert options.secrets == ["secret-7"]


def test_texts_and_the_environment(monkeypatch):
    monkeypatch.setenv("ASTERA_SERVER_URL", "https://etl02:9261")
    monkeypatch.setenv("ASTERA_TOKEN", "token-7777")
    monkeypatch.setenv("ASTERA_RETRIES", "2")
    options = options_from({"interval": "5", "job_ids": ["3", 4], "watch": "cluster,deployments", "jobs_after": None})
    assert (options.connection.server_url, options.connection.token) == ("https://etl02:9261", "token-7777")
    assert (options.connection.retries, options.interval) == (2, 5.0)
    assert (options.job_ids, options.watch) == ([3, 4], ["deployments", "cluster"])
    assert options.secrets == ["token-7777"]


def test_settings_carry_all_options():
    options = options_from({"settings": {**SERVER, "interval": 5, "watch": []}, "host": "etl01"})
    assert (options.interval, options.host, options.watch) == (5.0, "etl01", [])


def test_statuses_of_jobs():
    options = options_from({**SERVER, "success_statuses": ["Done"], "running_statuses": ["6"]})
    assert "done" in options.statuses.success
    assert "6" in options.statuses.running


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"interval": "often"}, "interval"),
        ({"interval": 0.5}, "interval must be 1 to 86400 seconds"),
        ({"interval": float("nan")}, "interval must be"),
        ({"down_after": 0}, "down_after must be 1 or more"),
        ({"feedback_timeout": 0}, "feedback_timeout must be more than 0"),
        ({"jobs_after": -1}, "jobs_after must be 0 or more"),
        ({"job_ids": [0]}, "job ids are 1 or more, not 0"),
        ({"watch": ["jobs"]}, "watch"),
        ({"intervall": 5}, "intervall"),
        ({"password": None}, "password is missing"),
        ({"server_url": "http://etl01:9261"}, "must begin with https://"),
        ({"server_url": None}, "server_url"),
        ({"running_statuses": ["Completed"]}, "cannot mean success"),
        ({"username": True}, "must be a text"),
        ({"ca_path": "/no/such/file"}, "file not found"),
    ],
)
def test_arguments_that_can_never_work(given, words):
    with pytest.raises(AsteraError, match=words) as caught:
        options_from({**SERVER, **given})
    assert caught.value.kind == "input"
    assert "secret-7" not in str(caught.value)
