"""The client with a scripted transport: logins, check mode, errors."""

from __future__ import annotations

import json

import pytest

from ansible_collections.astera.data_stack.plugins.module_utils._errors import AsteraError
from ansible_collections.astera.data_stack.plugins.module_utils._http import client as _client
from ansible_collections.astera.data_stack.plugins.module_utils._http.client import Client, WriteInCheckMode
from ansible_collections.astera.data_stack.plugins.module_utils._http.connection import Connection
from ansible_collections.astera.data_stack.plugins.module_utils._http.transport import Request, Response


def response(status=200, body=None, text=None):
    return Response(status, "application/json", json.dumps(body) if text is None else text, 1)


class Transport:
    """Responds from a list and remembers what was sent."""

    responses: list = []
    sent: list = []

    def __init__(self, connection):
        self.base_url = connection.server_url

    def send(self, request, token=None):
        self.sent.append((request.method, request.path, token))
        return self.responses.pop(0)

    def close(self):
        pass


@pytest.fixture
def client(monkeypatch):
    monkeypatch.setattr(_client, "Transport", Transport)
    Transport.sent = []

    def make(*responses, token=None, password="canary-password", **how):
        Transport.responses = list(responses)
        return Client(Connection("https://etl:9261", "admin", password, token, True, 30.0, 4), **how)

    return make


def test_a_login_without_a_token_is_tried_once(client):
    etl = client(response(204, text=""))
    for _time in "ab":
        with pytest.raises(AsteraError) as caught:
            etl.get("/x")
        assert (caught.value.kind, caught.value.status, caught.value.may_have_been_applied) == ("auth", 204, False)
    assert [path for _method, path, _token in Transport.sent] == ["/api/account/login"]


@pytest.mark.parametrize(("status", "text"), [(204, ""), (200, ""), (200, "null"), (200, " ")])
def test_nothing_for_an_id_means_that_it_is_not_there(client, status, text):
    with pytest.raises(AsteraError) as caught:
        client(LOGIN, response(status, text=text)).get_object_by_id("/api/Schedule/7")
    assert (caught.value.kind, caught.value.status) == ("not_found", status)
    assert "no such object" in str(caught.value)


@pytest.mark.parametrize("text", ["[]", "7", "<html>"])
def test_anything_else_for_an_id_is_odd(client, text):
    with pytest.raises(AsteraError) as caught:
        client(LOGIN, response(text=text)).get_object_by_id("/api/Schedule/7")
    assert caught.value.kind == "server"


LOGIN = response(body={"access_token": "t1"})


def test_one_login_for_many_requests(client):
    etl = client(LOGIN, response(body={"a": 1}), response(body=[{"b": 2}]))
    assert etl.get_object("/x") == {"a": 1}
    assert etl.get_list("/y") == [{"b": 2}]
    assert Transport.sent == [("POST", "/api/account/login", None), ("GET", "/x", "t1"), ("GET", "/y", "t1")]


def test_a_dead_token_is_replaced_once_for_each_request(client):
    etl = client(response(401, text=""), LOGIN, response(body={}), token="old")
    etl.get_object("/x")
    assert [token for _method, _path, token in Transport.sent] == ["old", None, "t1"]
    etl = client(LOGIN, response(401, text=""), LOGIN, response(401, text=""))
    with pytest.raises(AsteraError) as caught:
        etl.get("/x")
    assert caught.value.kind == "auth"
    assert Transport.responses == []


def test_a_new_token_that_is_rejected_at_its_first_use_is_replaced_once(client):
    etl = client(LOGIN, response(401, text=""), response(body={"access_token": "t2"}), response(body={}))
    etl.get_object("/x")
    assert [token for _method, _path, token in Transport.sent] == [None, "t1", None, "t2"]


def test_check_mode_rejects_every_write(client):
    etl = client(LOGIN, check_mode=True)
    with pytest.raises(WriteInCheckMode):
        etl.post("/x", {})
    with pytest.raises(WriteInCheckMode):
        etl.post_raw("/x", "text/plain")
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        with pytest.raises(WriteInCheckMode):
            etl.request(method, "/x")
        with pytest.raises(WriteInCheckMode):
            etl.ask(Request(method, "/x"))
    assert Transport.sent == []
    assert etl.login() == "t1"


def test_secrets_are_taken_out_of_the_words_of_the_server(client):
    etl = client(LOGIN, response(400, text="bad: canary-password, t1-x, canary-key"))
    etl.redactor.add("canary-key", None)
    with pytest.raises(AsteraError) as caught:
        etl.post("/x", {})
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize("body", [None, "text", 5, [1], []])
def test_invalid_objects(client, body):
    with pytest.raises(AsteraError) as caught:
        client(LOGIN, response(body=body)).get_object("/x")
    assert caught.value.kind == "server"


def test_a_list_of_one_object_is_that_object(client):
    assert client(LOGIN, response(body=[{"a": 1}])).get_object("/x") == {"a": 1}


def test_another_port_of_the_same_host(client):
    etl = client()
    etl.use_port(9300)
    assert etl.server_url == "https://etl:9300"
