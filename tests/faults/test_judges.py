"""The matrix finds what it is there to find: each of these breaks the client in one way, and its cell must be bad."""

from __future__ import annotations

import contextlib
import dataclasses
import re
from pathlib import Path

import pytest
import requests

from ansible_collections.astera.data_stack.plugins.module_utils._engine import reconcile as _reconcile
from ansible_collections.astera.data_stack.plugins.module_utils._engine.plan import Plan
from ansible_collections.astera.data_stack.plugins.module_utils._http import client as _client
from ansible_collections.astera.data_stack.plugins.module_utils._http import transport as _transport
from ansible_collections.astera.data_stack.plugins.module_utils._resources.job import follow as job_follow

from .cells import Subject
from .orders import FAULTS
from .samples import samples


def verdict(place, module, number, fault, path):
    """The verdict on a sample, by its place in the documentation, with a fault at the request to a path."""
    subject = Subject(place, samples(module)[number], strict=False, way="action")
    before = len(place.emulator.requests) - subject.second.requests - subject.first.requests
    paths = [request.path for request in place.emulator.requests[before : before + subject.first.requests]]
    index = len(paths) - paths[::-1].index(path)
    return subject.try_out(next(one for one in FAULTS if one.name == fault), index)


@pytest.fixture
def patient(monkeypatch):
    """Every write is sent again when its response is lost."""
    send = _transport.Transport.send

    def always(self, request, *token):
        return send(self, dataclasses.replace(request, idempotent=True), *token)

    monkeypatch.setattr(_transport.Transport, "send", always)


def test_a_job_that_is_started_twice(place, patient):
    bad = verdict(place, "astera_job", 1, "reset after the work", "/api/CommandLineProcessor").bad
    assert "2 jobs were started instead of 1" in bad


def test_a_schedule_that_is_created_twice(place, patient):
    bad = verdict(place, "astera_schedule", 0, "reset after the work", "/api/Schedule").bad
    assert any("'Orders, every morning' exist more than once" in one for one in bad)


@pytest.mark.parametrize(("module", "number"), [("astera_job", 1), ("astera_jobs", 0)])
def test_a_job_that_nobody_reports(place, monkeypatch, module, number):
    monkeypatch.setattr(job_follow, "maybe_started", lambda error: error)
    bad = verdict(place, module, number, "truncated body", "/api/CommandLineProcessor").bad
    assert any("a job runs that nobody reports" in one for one in bad)


def test_a_redirect_that_is_followed(place, monkeypatch):
    once = _transport.Transport._once

    def follow(transport, request, *how):
        response = once(transport, request, *how)
        if "location" in response.headers:
            with contextlib.suppress(requests.RequestException):
                requests.request(request.method, response.headers["location"], timeout=5)
        return response

    monkeypatch.setattr(_transport.Transport, "_once", follow)
    bad = verdict(place, "astera_cluster", 0, "redirect to another origin", "/api/Cluster").bad
    assert "something was sent to another origin" in bad


def test_a_traceback(place, monkeypatch):
    monkeypatch.setattr(_client, "error_text", lambda text, hide: {}["words"])
    bad = verdict(place, "astera_cluster", 0, "403", "/api/Cluster").bad
    assert any("traceback: RuntimeError" in one and "words" in one for one in bad)


def test_an_ok_that_is_none(place, monkeypatch):
    """Nothing is read back, and a write without a response passes for done."""
    for step in ("_plan_after", "read_back"):
        monkeypatch.setattr(_reconcile.Reconciliation, step, lambda one, *_error: setattr(one, "plan", Plan(body={})))
    bad = verdict(place, "astera_cluster", 0, "503", "/api/Cluster").bad
    assert "it reported ok, but the state is not the desired one" in bad


def test_the_page_has_the_results():
    """It is written by hand but for the tables, so it must not promise what they do not show."""
    page = (Path(__file__).resolve().parents[2] / "docs" / "fault-matrix.md").read_text()
    assert re.search(r"^\d+ cells, 0 bad\.$", page, re.MULTILINE)
    assert all(re.match(r"\|.*\| 0 \|$", line) for line in page.splitlines() if re.match(r"\| .*\d+ \|$", line))
