# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which operations of an OpenAPI document are used, and which are too doubtful."""

from __future__ import annotations

import pytest

from ansible_collections.astera.data_stack.plugins.module_utils._errors import AsteraError, kind_of_status
from ansible_collections.astera.data_stack.plugins.module_utils._http.openapi import (
    TERMINATE,
    TRACE,
    WELL_KNOWN,
    Discovery,
    deletion,
)

ID = {"name": "jobId", "in": "path", "required": True, "schema": {"type": "integer", "format": "int32"}}
QUERY = {**ID, "in": "query"}


class Server:
    """Answers reads from a dictionary, and keeps what was asked."""

    def __init__(self, **documents):
        self.documents = {f"/{name}": document for name, document in documents.items()}
        self.asked = []
        self.called = []

    def get(self, path, **_how):
        self.asked.append(path)
        answer = self.documents.get(path, 404)
        if isinstance(answer, AsteraError):
            raise answer
        if isinstance(answer, int):
            raise AsteraError(kind_of_status(answer), "no", status=answer)
        return answer

    def request(self, method, path, query=None, **_how):
        self.called.append((method, path, query))


def document(paths, **more):
    return {"openapi": "3.0.1", "paths": paths, **more}


def found(paths, purpose=TERMINATE, **more):
    server = Server(doc=document(paths, **more))
    return str(Discovery(server, "/doc").operation(purpose))


def refusal(paths, purpose=TERMINATE, **more):
    with pytest.raises(AsteraError) as caught:
        found(paths, purpose, **more)
    assert caught.value.kind == "unsupported"
    return caught.value.message


@pytest.mark.parametrize(
    ("method", "path", "parameter"),
    [
        ("post", "/api/Job/{jobId}/Terminate", ID),
        ("put", "/api/Jobs/{jobId}/cancel", ID),
        ("delete", "/api/Job/Terminate/{jobId}", ID),
        ("post", "/api/Job/TerminateJob/{jobId}", ID),
        ("post", "/api/TerminateJob/{jobId}", ID),
        ("post", "/api/job/terminate-job", QUERY),
        ("post", "/api/Job/{jobId}/Abort", {"name": "jobId", "in": "path", "required": True, "type": "integer"}),
        ("post", "/api/v1/Job/{jobId}/Terminate", ID),
        ("post", "/api/Job/{id}/Terminate", {**ID, "name": "id"}),
    ],
)
def test_ways_to_end_a_job(method, path, parameter):
    assert found({path: {method: {"parameters": [parameter]}}}) == f"{method.upper()} {path}"


@pytest.mark.parametrize(
    ("method", "path", "operation"),
    [
        ("get", "/api/Job/{jobId}/Terminate", {"parameters": [ID]}),
        ("delete", "/api/Job/{jobId}", {"parameters": [ID]}),
        ("post", "/api/Job/{jobId}/TerminateAll", {"parameters": [ID]}),
        ("post", "/api/Job/{jobId}/Restart", {"parameters": [ID]}),
        ("post", "/api/Server/{jobId}/Stop", {"parameters": [ID]}),
        ("post", "/api/Schedule/{jobId}/Job/Terminate", {"parameters": [ID]}),
        ("post", "/api/Job/Terminate", {}),
        ("post", "/api/Job/Terminate", {"requestBody": {"content": {}}}),
        ("post", "/api/Job/{jobId}/Terminate", {"parameters": [ID], "requestBody": {}}),
        ("post", "/api/Job/{jobId}/Terminate", {"parameters": [ID, {"name": "body", "in": "body"}]}),
        ("post", "/api/Job/{jobId}/Terminate", {"parameters": [ID, {**QUERY, "name": "reason"}]}),
        ("post", "/api/Job/{jobId}/Terminate", {"parameters": [{**ID, "schema": {"type": "string"}}]}),
        ("post", "/api/Job/{jobId}/Terminate", {"parameters": [{**ID, "name": "other"}]}),
        ("post", "/api/Job/{jobId}/Terminate", {"parameters": [{**QUERY, "in": "header"}]}),
        ("post", "/api/Job/{jobId}/Terminate/{server}", {"parameters": [ID]}),
        ("post", "/api/Job/{jobId}/Terminate?force=1", {"parameters": [ID]}),
        ("post", "/api/Job/{jobId}/Terminate", {"parameters": ["odd"]}),
        ("post", "/api/Job/{jobId}/Terminate", {"parameters": "odd"}),
        ("post", "/api/Job/{jobId}/Terminate", {"parameters": [ID, {"$ref": 5}]}),
        ("post", "/api/Job/{jobId}/Terminate", {"parameters": [ID, {"schema": 5}]}),
        ("post", "/api/Job/{jobId}/Terminate", {"parameters": [{**ID, "schema": {}}]}),
        ("post", "/api/Job/{jobId}/Terminate", {"parameters": [{"name": "jobId", "in": "path", "required": True}]}),
        ("post", "/api/Job/{jobId}/Terminate", {"parameters": [ID], "servers": [{"url": "/other"}]}),
        ("post", "/api/Jobs/Cancel", {"parameters": [{**QUERY, "name": "olderThanDays"}]}),
        ("post", "/api/Jobs/Cancel/{serverId}", {"parameters": [{**ID, "name": "serverId"}]}),
        ("post", "/api/Job/../Job/{jobId}/Terminate", {"parameters": [ID]}),
        ("post", "/api/Job/{jobId}/Terminate", {"parameters": [{"$ref": "#/nowhere"}]}),
        ("post", "/api/Job/{jobId}/Terminate", "odd"),
        ("parameters", "/api/Job/{jobId}/Terminate", [ID]),
    ],
)
def test_what_is_doubtful_is_not_used(method, path, operation):
    assert "names none that can be used" in refusal({path: {method: operation}})


def test_an_optional_parameter_is_left_out():
    force = {"name": "force", "in": "query", "schema": {"type": "boolean"}}
    assert found({"/api/Job/{jobId}/Terminate": {"post": {"parameters": [ID, force]}}})


def test_parameters_of_the_path_and_by_reference():
    shared = {"components": {"parameters": {"jobId": ID}}}
    path = {"parameters": [{"$ref": "#/components/parameters/jobId"}], "post": {}}
    assert found({"/api/Job/{jobId}/Terminate": path}, **shared) == "POST /api/Job/{jobId}/Terminate"


def test_the_most_telling_word_wins_and_equals_are_refused():
    operation = {"post": {"parameters": [ID]}}
    both = {"/api/Job/{jobId}/Stop": operation, "/api/Job/{jobId}/Terminate": operation}
    assert found(both) == "POST /api/Job/{jobId}/Terminate"
    both["/api/Jobs/{jobId}/Terminate"] = operation
    message = refusal(both)
    assert "leaves open which it is: POST /api/Job/{jobId}/Terminate and POST /api/Jobs/{jobId}/Terminate" in message


def test_other_purposes():
    parameters = {"parameters": [{**ID, "name": "id"}]}
    paths = {
        "/api/Job/{id}/Trace": {"get": parameters, "delete": parameters},
        "/api/Deployment/{id}": {"get": parameters, "delete": parameters},
        "/api/Schedule/Delete": {"post": {"parameters": [{**QUERY, "name": "id"}]}},
    }
    assert found(paths, TRACE) == "GET /api/Job/{id}/Trace"
    assert found(paths, deletion("deployment")) == "DELETE /api/Deployment/{id}"
    assert found(paths, deletion("schedule")) == "POST /api/Schedule/Delete"
    assert "no call is documented that ends a job" in refusal(paths)


@pytest.mark.parametrize(
    ("more", "base"),
    [
        ({"basePath": "/astera/"}, "/astera"),
        ({"servers": [{"url": "/astera"}]}, "/astera"),
        ({"servers": [{"url": "https://elsewhere.example.com:1234/astera/"}]}, "/astera"),
        ({"servers": [{"url": "https://elsewhere.example.com"}]}, ""),
        ({"servers": []}, ""),
        ({"servers": "odd"}, ""),
    ],
)
def test_the_base_path_is_used_and_a_host_never(more, base):
    paths = {"/api/Job/{jobId}/Terminate": {"post": {"parameters": [ID]}}}
    assert found(paths, **more) == f"POST {base}/api/Job/{{jobId}}/Terminate"


@pytest.mark.parametrize(
    "more",
    [
        {"basePath": 5},
        {"servers": [{"url": "/{base}"}]},
        {"servers": [{"url": "/a/../b"}]},
        {"servers": [{"url": "//elsewhere.example.com/astera"}]},
    ],
)
def test_a_base_path_that_cannot_be_told(more):
    refusal({"/api/Job/{jobId}/Terminate": {"post": {"parameters": [ID]}}}, **more)


def test_calls():
    server = Server(
        doc=document(
            {
                "/api/Job/{jobId}/Trace": {"get": {"parameters": [ID]}},
                "/api/Job/Terminate": {"post": {"parameters": [QUERY]}},
            }
        )
    )
    discovery = Discovery(server, "/doc")
    discovery.operation(TRACE).call(server, 7)
    discovery.operation(TERMINATE).call(server, 7)
    assert server.called == [("GET", "/api/Job/7/Trace", None), ("POST", "/api/Job/Terminate", {"jobId": "7"})]
    assert server.asked == ["/doc"]


def test_the_well_known_places_are_tried_in_order():
    paths = {"/api/Job/{jobId}/Terminate": {"post": {"parameters": [ID]}}}
    server = Server()
    server.documents[WELL_KNOWN[0]] = "<html>an application for a browser</html>"
    server.documents[WELL_KNOWN[1]] = {"paths": {}}
    server.documents[WELL_KNOWN[2]] = document(paths)
    assert Discovery(server, None).operation(TERMINATE)
    assert server.asked == list(WELL_KNOWN[:3])


def test_no_document_is_told_with_all_places():
    server = Server()
    server.documents[WELL_KNOWN[0]] = {"swagger": "2.0"}
    server.documents[WELL_KNOWN[1]] = 500
    with pytest.raises(AsteraError) as caught:
        Discovery(server, None).operation(TERMINATE)
    assert caught.value.kind == "unsupported"
    assert f"{WELL_KNOWN[0]} (something else), {WELL_KNOWN[1]} (500 Internal Server Error)" in caught.value.message
    assert all(place in caught.value.message for place in WELL_KNOWN)


def test_what_went_wrong_is_not_tried_again():
    server = Server()
    discovery = Discovery(server, None)
    for _time in "abc":
        with pytest.raises(AsteraError):
            discovery.operation(TERMINATE)
    assert server.asked == list(WELL_KNOWN)


def test_a_refused_login_is_tried_once():
    server = Server()
    server.documents[WELL_KNOWN[0]] = 401
    with pytest.raises(AsteraError) as caught:
        Discovery(server, None).operation(TERMINATE)
    assert caught.value.kind == "auth"
    assert server.asked == [WELL_KNOWN[0]]


@pytest.mark.parametrize("status", [None, 502, 503])
def test_a_server_that_cannot_be_reached_is_no_answer(status):
    server = Server()
    server.documents[WELL_KNOWN[0]] = AsteraError("connection", "gone", status=status)
    with pytest.raises(AsteraError) as caught:
        Discovery(server, None).operation(TERMINATE)
    assert caught.value.kind == "connection"


def test_the_place_is_a_path():
    with pytest.raises(AsteraError, match="openapi_path must begin with /"):
        Discovery(Server(), "https://elsewhere.example.com/swagger.json")
