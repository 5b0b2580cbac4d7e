# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Operations that nobody documents: named by an option, found in an OpenAPI document, or rejected."""

from __future__ import annotations

import re

import pytest

from ansible_collections.astera.data_stack.plugins.module_utils._errors import AsteraError, kind_of_status
from ansible_collections.astera.data_stack.plugins.module_utils._http.openapi import (
    DELETE_DEPLOYMENT,
    DELETE_SCHEDULE,
    MAX_CANDIDATES,
    TERMINATE,
    TRACE,
    WELL_KNOWN,
    Discovery,
    Operation,
)

ID = {"name": "jobId", "in": "path", "required": True, "schema": {"type": "integer", "format": "int32"}}
QUERY = {**ID, "in": "query"}
PURPOSES = [TERMINATE, TRACE, DELETE_DEPLOYMENT, DELETE_SCHEDULE]


class Server:
    """Responds to reads from a dictionary, and keeps the requests."""

    def __init__(self, **documents):
        self.documents = {f"/{name}": document for name, document in documents.items()}
        self.reads = []
        self.requests = []

    def get(self, path, **_how):
        self.reads.append(path)
        response = self.documents.get(path, 404)
        if isinstance(response, AsteraError):
            raise response
        if isinstance(response, int):
            raise AsteraError(kind_of_status(response), "no", status=response)
        return response

    def request(self, method, path, **how):
        self.requests.append((method, path, how))


def document(paths, **more):
    return {"openapi": "3.0.1", "paths": paths, **more}


def operation(paths, purpose=TERMINATE, **more):
    server = Server(doc=document(paths, **more))
    return str(Discovery(server, "/doc").operation(purpose, None))


def error(paths, purpose=TERMINATE, **more):
    with pytest.raises(AsteraError) as caught:
        operation(paths, purpose, **more)
    assert caught.value.kind == "unsupported"
    return caught.value


@pytest.mark.parametrize(
    ("purpose", "method", "path"),
    [
        (TERMINATE, "POST", "/api/Job/{jobId}/Terminate"),
        (TERMINATE, "PUT", "/api/jobs/{jobid}/cancel"),
        (TERMINATE, "DELETE", "/api/Job/Stop/{id}"),
        (TERMINATE, "POST", "/API/JOB/{ID}/ABORT"),
        (TERMINATE, "POST", "/api/Jobs/Kill/{id}"),
        (TRACE, "GET", "/api/Job/{jobId}/Trace"),
        (TRACE, "GET", "/api/Jobs/{id}/logs"),
        (TRACE, "GET", "/api/Job/Log/{id}"),
        (DELETE_DEPLOYMENT, "DELETE", "/api/Deployment/{deploymentId}"),
        (DELETE_DEPLOYMENT, "POST", "/api/Deployments/Remove/{id}"),
        (DELETE_DEPLOYMENT, "PUT", "/api/Deployment/{id}/Delete"),
        (DELETE_SCHEDULE, "DELETE", "/api/Schedule/{id}"),
        (DELETE_SCHEDULE, "DELETE", "/api/ScheduledJob/{scheduleId}"),
        (DELETE_SCHEDULE, "POST", "/api/ScheduledJobs/Delete/{id}"),
    ],
)
def test_what_a_pattern_matches(purpose, method, path):
    name = path.partition("{")[2].partition("}")[0]
    found = operation({path: {method.lower(): {"parameters": [{**ID, "name": name}]}}}, purpose)
    assert found == f"{method} {path}"


@pytest.mark.parametrize(
    ("purpose", "method", "path"),
    [
        (TERMINATE, "DELETE", "/api/Job/{jobId}"),
        (TERMINATE, "POST", "/api/Job/{jobId}/TerminateAll"),
        (TERMINATE, "POST", "/api/Job/{jobId}/Restart"),
        (TERMINATE, "POST", "/api/Job/{serverId}/Terminate"),
        (TERMINATE, "POST", "/api/Jobs/Cancel/{olderThanDays}"),
        (TERMINATE, "POST", "/api/Schedule/{scheduleId}/Job/Terminate"),
        (TERMINATE, "POST", "/api/JobXY/{id}/Terminate"),
        (DELETE_DEPLOYMENT, "POST", "/api/Deployment/{id}"),
        (DELETE_DEPLOYMENT, "DELETE", "/api/Deployment/{id}/Schedules"),
        (DELETE_SCHEDULE, "DELETE", "/api/Schedule/{deploymentId}"),
        (DELETE_SCHEDULE, "PUT", "/api/Schedule/{id}"),
    ],
)
def test_what_only_comes_near_is_a_candidate(purpose, method, path):
    name = path.partition("{")[2].partition("}")[0]
    problem = error({path: {method.lower(): {"parameters": [{**ID, "name": name}]}}}, purpose)
    assert f"at /doc lists none that can be used; candidates: {method} {path}" in problem.message
    assert f"Set {purpose.option} to the operation" in problem.hint


@pytest.mark.parametrize(
    ("method", "path", "described"),
    [
        ("get", "/api/Job/{jobId}/Terminate", {"parameters": [ID]}),
        ("get", "/api/Server/{jobId}/Stop", {"parameters": [ID]}),
        ("post", "/api/Server/{jobId}/Stop", {"parameters": [ID]}),
        ("post", "/api/Job/Terminate", {}),
        ("post", "/api/Job/Terminate", {"parameters": [QUERY]}),
        ("post", "/api/Job/{jobId}/Terminate/{server}", {"parameters": [ID]}),
        ("post", "/api/Job/{jobId}/Terminate?force=1", {"parameters": [ID]}),
        ("post", "/api/Job/../Job/{jobId}/Terminate", {"parameters": [ID]}),
        ("post", "//elsewhere/Job/{jobId}/Terminate", {"parameters": [ID]}),
        ("post", "/api/Job/{jobId}/Terminate\x1b[2J", {"parameters": [ID]}),
        ("parameters", "/api/Job/{jobId}/Terminate", [ID]),
    ],
)
def test_what_is_not_even_a_candidate(method, path, described):
    assert "candidates: none" in error({path: {method: described}}).message


@pytest.mark.parametrize("described", [{}, {"parameters": "odd"}, "odd", None])
def test_how_an_operation_is_described_does_not_matter(described):
    assert operation({"/api/Job/{jobId}/Terminate": {"post": described}})


def test_several_matches_are_listed():
    described = {"post": {"parameters": [ID]}}
    both = {
        "/api/Job/{jobId}/Stop": described,
        "/api/Job/{jobId}/Terminate": described,
        "/api/Job/{jobId}/X": described,
    }
    problem = error(both)
    assert problem.message.endswith(
        "lists several; candidates: POST /api/Job/{jobId}/Stop, POST /api/Job/{jobId}/Terminate"
    )
    assert "Set terminate_operation to the operation" in problem.hint


def test_the_list_of_candidates_ends():
    problem = error({f"/api/Job/{{jobId}}/X{number}": {"post": {}} for number in range(50)})
    assert problem.message.count("POST") == MAX_CANDIDATES


def test_each_purpose_has_its_own_operation():
    described = {"parameters": [{**ID, "name": "id"}]}
    paths = {
        "/api/Job/{id}/Trace": {"get": described, "delete": described},
        "/api/Deployment/{id}": {"get": described, "delete": described},
        "/api/Schedule/Delete/{id}": {"post": described},
    }
    assert operation(paths, TRACE) == "GET /api/Job/{id}/Trace"
    assert operation(paths, DELETE_DEPLOYMENT) == "DELETE /api/Deployment/{id}"
    assert operation(paths, DELETE_SCHEDULE) == "POST /api/Schedule/Delete/{id}"
    assert "no operation that ends a job is documented" in error(paths).message


@pytest.mark.parametrize(
    ("more", "base"),
    [
        ({"basePath": "/astera/"}, "/astera"),
        ({"servers": [{"url": "/astera"}]}, "/astera"),
        ({"servers": [{"url": "https://elsewhere.example.com:1234/astera/"}]}, "/astera"),
        ({"servers": [{"url": "https://elsewhere.example.com"}]}, ""),
        ({"servers": []}, ""),
        ({"servers": "odd"}, ""),
        ({"servers": [{}]}, ""),
    ],
)
def test_the_base_path_is_used_and_a_host_never(more, base):
    paths = {"/api/Job/{jobId}/Terminate": {"post": {"parameters": [ID]}}}
    assert operation(paths, **more) == f"POST {base}/api/Job/{{jobId}}/Terminate"


def test_the_base_path_may_be_the_beginning_of_a_pattern():
    paths = {"/Job/{jobId}/Terminate": {"post": {"parameters": [ID]}}}
    assert operation(paths, basePath="/api") == "POST /api/Job/{jobId}/Terminate"
    assert "candidates: POST /Job/{jobId}/Terminate" in error(paths).message


@pytest.mark.parametrize(
    "more",
    [
        {"servers": [{"url": "/{base}"}]},
        {"servers": [{"url": "/a/../b"}]},
        {"servers": [{"url": "//elsewhere.example.com/astera"}]},
    ],
)
def test_a_base_path_that_cannot_be_read(more):
    assert "candidates: none" in error({"/api/Job/{jobId}/Terminate": {"post": {"parameters": [ID]}}}, **more).message


def test_requests():
    server = Server(
        doc=document(
            {
                "/api/Job/{jobId}/Trace": {"get": {"parameters": [ID]}},
                "/api/Job/Terminate/{jobId}": {"post": {"parameters": [ID]}},
            }
        )
    )
    discovery = Discovery(server, "/doc")
    discovery.operation(TRACE, None).call(server, 7)
    discovery.operation(TERMINATE, None).call(server, 7)
    assert server.requests == [
        ("GET", "/api/Job/7/Trace", {}),
        ("POST", "/api/Job/Terminate/7", {}),
    ]
    assert server.reads == ["/doc"]


def test_the_well_known_places_are_tried_in_order():
    paths = {"/api/Job/{jobId}/Terminate": {"post": {"parameters": [ID]}}}
    server = Server()
    server.documents[WELL_KNOWN[0]] = "<html>an application for a browser</html>"
    server.documents[WELL_KNOWN[1]] = {"paths": {}}
    server.documents[WELL_KNOWN[2]] = document(paths)
    assert Discovery(server, None).operation(TERMINATE, None)
    assert server.reads == list(WELL_KNOWN[:3])


def test_an_error_without_a_document_lists_all_places():
    server = Server()
    server.documents[WELL_KNOWN[0]] = {"swagger": "2.0"}
    server.documents[WELL_KNOWN[1]] = 500
    with pytest.raises(AsteraError) as caught:
        Discovery(server, None).operation(TERMINATE, None)
    assert caught.value.kind == "unsupported"
    assert f"was not found: {', '.join(WELL_KNOWN)}" in caught.value.message
    assert "Set terminate_operation to the operation" in caught.value.hint
    assert "openapi_path" in caught.value.hint


def test_a_document_that_was_not_found_is_not_requested_again():
    server = Server()
    discovery = Discovery(server, None)
    for purpose in PURPOSES:
        with pytest.raises(AsteraError, match=purpose.what):
            discovery.operation(purpose, None)
    assert server.reads == list(WELL_KNOWN)


def test_a_denied_login_is_tried_once():
    server = Server()
    server.documents[WELL_KNOWN[0]] = 401
    with pytest.raises(AsteraError) as caught:
        Discovery(server, None).operation(TERMINATE, None)
    assert caught.value.kind == "auth"
    assert server.reads == [WELL_KNOWN[0]]


@pytest.mark.parametrize("status", [None, 502, 503])
def test_a_server_that_cannot_be_reached_is_an_error(status):
    server = Server()
    server.documents[WELL_KNOWN[0]] = AsteraError("connection", "gone", status=status)
    with pytest.raises(AsteraError) as caught:
        Discovery(server, None).operation(TERMINATE, None)
    assert caught.value.kind == "connection"


def test_the_option_for_the_document_is_a_path():
    with pytest.raises(AsteraError, match="openapi_path must begin with /"):
        Discovery(Server(), "https://elsewhere.example.com/swagger.json")


@pytest.mark.parametrize("purpose", PURPOSES)
def test_an_operation_that_is_named_needs_no_document(purpose):
    server = Server()
    for method in purpose.methods:
        for path in ("/astera/Things({id})", "/v2.1/x-y/~{number_7}/End"):
            named = purpose.named(f"{method} {path}")
            assert named == Operation(method, path)
            assert Discovery(server, None).operation(purpose, named) is named
    named.call(server, 4711)
    assert server.requests == [(purpose.methods[-1], "/v2.1/x-y/~4711/End", {})]
    assert server.reads == []


@pytest.mark.parametrize("purpose", PURPOSES)
@pytest.mark.parametrize("nothing", [None, ""])
def test_an_option_without_a_value_names_nothing(purpose, nothing):
    assert purpose.named(nothing) is None


WRONG = [
    "/api/x/{id}",
    "{method}",
    "{method} ",
    "{method}/api/x/{id}",
    "{method}  /api/x/{id}",
    " {method} /api/x/{id}",
    "{method} api/x/{id}",
    "{method} https://elsewhere.example.com/x/{id}",
    "{method} //elsewhere.example.com/x/{id}",
    "{method} /\\elsewhere.example.com/x/{id}",
    "{method} /api/x",
    "{method} /api/x/{}",
    "{method} /api/x/{a}/{b}",
    "{method} /api/x/{a}{",
    "{method} /api/x/}{id}",
    "{method} /api/x/{{id}}",
    "{method} /api/x/{id}?all=1",
    "{method} /api/x?id={id}",
    "{method} /api/x/{id}#y",
    "{method} /api/../x/{id}",
    "{method} /api/./x/{id}",
    "{method} /api/%2e%2e/x/{id}",
    "{method} /api/x y/{id}",
    "{method} /api/x/{id}/",
    "{method} /api/x/{id}\n",
    "{method} /api/x/{id}\r\nHost: x",
    "{method} /api/\x00/{id}",
    "{method} /api/ä/{id}",
    "PATCH /api/x/{id}",
    "HEAD /api/x/{id}",
    "{lower} /api/x/{id}",
]


@pytest.mark.parametrize("purpose", PURPOSES)
@pytest.mark.parametrize("text", WRONG)
def test_any_other_text_is_rejected(purpose, text):
    method = purpose.methods[0]
    text = text.replace("{method}", method).replace("{lower}", method.lower())
    with pytest.raises(AsteraError, match=f"{purpose.option} must be a method and a path") as caught:
        purpose.named(text)
    assert caught.value.kind == "input"
    assert "elsewhere" not in str(caught.value)


@pytest.mark.parametrize(("purpose", "method"), [(DELETE_SCHEDULE, "GET"), (TERMINATE, "GET"), (TRACE, "POST")])
def test_a_read_is_no_write_and_a_write_no_read(purpose, method):
    """Check mode lets reads through, so a deletion must not be one. A trace is read in check mode too."""
    with pytest.raises(AsteraError, match=re.escape(" or ".join(purpose.methods))):
        purpose.named(f"{method} /api/x/{{id}}")
