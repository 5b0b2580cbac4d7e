"""astera_login, and how the other modules log in."""

from __future__ import annotations

import pytest

FORMS = ["access_token", "accessToken", "token", "auth_token", "text"]


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_the_response(emulator, run, form):
    emulator.settings.login_answer = form
    result = run("login")
    assert not result.changed
    assert result.expires_at.endswith("Z")
    assert run("cluster_info", token=result.token, username=None, password=None).cluster["name"] == "DEFAULT"
    assert [r.path for r in emulator.requests] == ["/api/account/login", "/api/Cluster"]


@pytest.mark.parametrize(("server", "kind"), [("boolean", "integer"), ("integer", "boolean")])
def test_the_flag_as_a_number(emulator, run, server, kind):
    emulator.settings.remember_me = server
    assert run("login", remember_me_type=kind).failed
    assert run("login", remember_me_type=server).token


@pytest.mark.parametrize("status", [400, 401, 403, 204])
def test_wrong_credentials_are_tried_once(emulator, run, status):
    emulator.settings.login_failure = status
    result = run("cluster", name="X", password="canary-wrong", retries=4)
    assert result.error["kind"] == "auth"
    assert result.error["status"] == status
    assert "the login of user 'admin' was rejected" in result.msg
    assert "canary" not in str(result)
    assert len(emulator.requests) == 1


def test_an_expired_token_is_replaced_once(emulator, run):
    token = run("login").token
    emulator.add_fault(action="expire_token", nth=1)
    assert run("cluster", name="PROD", token=token).changed
    assert [r.path for r in emulator.requests].count("/api/account/login") == 2


@pytest.mark.parametrize("credentials", [True, False])
def test_a_token_that_is_refused_at_its_first_use(emulator, run, credentials):
    """As behind a load balancer, or when the server restarts between the login and the next request."""
    emulator.add_fault(path="/api/Cluster", action="expire_token")
    token = None if credentials else run("login").token
    without = {} if credentials else {"username": None, "password": None, "token": token}
    assert run("cluster_info", **without).failed != credentials
    assert [r.path for r in emulator.requests].count("/api/account/login") == 1 + credentials


def test_tokens_that_are_refused_at_every_use(emulator, run):
    emulator.add_fault(path="/api/Cluster", action="expire_token", times=9)
    assert run("cluster_info", retries=4).error["kind"] == "auth"
    assert [r.path for r in emulator.requests] == ["/api/account/login", "/api/Cluster"] * 2


def test_a_login_that_is_refused_after_a_refused_token_is_tried_once(emulator, run):
    emulator.add_fault(path="/api/Cluster", action="expire_token")
    emulator.add_fault(path="/api/account/login", nth=2, action="status", status=401, times=9)
    assert run("cluster_info", retries=4).error["kind"] == "auth"
    assert [r.path for r in emulator.requests].count("/api/account/login") == 2


def test_a_refused_token_without_credentials(emulator, run):
    result = run("cluster_info", token="not-a-token", username=None, password=None)
    assert result.error["kind"] == "auth"
    assert "Set a new one" in result.msg
    assert "not-a-token" not in str(result)


def test_the_login_works_in_check_mode(emulator, run):
    assert run("login", check=True).token


def test_a_token_alone_cannot_log_in(emulator, run):
    result = run("login", username=None, password=None, token="something")
    assert result.error["kind"] == "input"


@pytest.mark.parametrize("body", ["text", "problem", "html", "empty"])
def test_error_bodies(emulator, run, body):
    emulator.settings.error_body = body
    emulator.settings.forbidden = "GET /api/Cluster"
    result = run("cluster_info")
    assert result.error["kind"] == "forbidden"
    assert result.error["status"] == 403
    assert "the server responded with 403 Forbidden (GET /api/Cluster)" in result.msg
    assert "<" not in result.msg
    assert "administrative role" in result.msg


@pytest.mark.parametrize("body", ["", "null", "{}", '{"access_token": null}', '{"id": 7}', "[]", '""', "two words"])
def test_a_success_without_a_token_is_a_refusal(emulator, run, body):
    """Refused credentials are no exception in Astera's own library. So the login is not tried again."""
    emulator.add_fault(path="/api/account/login", action="status", status=200, body=body, times=99)
    names = [{"name": name, "state": "absent"} for name in "AB"]
    for module, options in (("cluster_info", {}), ("schedules", {"schedules": names, "continue_on_error": True})):
        before = len(emulator.requests)
        result = run(module, retries=4, **options)
        assert (result.error["kind"], result.error["status"]) == ("auth", 200)
        assert "the login of user 'admin' was rejected: the server responded with 200 OK without a token" in result.msg
        assert len(emulator.requests) == before + 1


def test_a_page_is_no_refusal(emulator, run):
    """A proxy shows one, and a server that starts."""
    emulator.add_fault(path="/api/account/login", action="status", status=200, body="<html>welcome</html>")
    assert run("cluster_info").error["kind"] == "server"
