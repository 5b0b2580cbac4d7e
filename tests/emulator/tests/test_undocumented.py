"""Operations that a setting makes up, and the document that names them."""

import pytest

FLOW = "C:\\Flows\\load.wf"
DEPLOYMENT = {"id": 0, "name": "Orders", "clusterArchiveFilePath": "C:\\Deployment\\orders.car"}


def start(api, emulator, flow):
    emulator.files.write(FLOW, flow)
    return api.ok("CommandLineProcessor", {"FilePath": FLOW}).json()["jobId"]


def test_nothing_is_served_unless_it_is_made_up(api, emulator):
    job = start(api, emulator, b'<Flow seconds="60"/>')
    assert api.post(f"Job/{job}/Terminate").status_code == 404
    assert api.get(f"Job/{job}/Trace").status_code == 404
    assert not any("Terminate" in path or "Trace" in path for path in document(api, emulator)["paths"])


def document(api, emulator):
    return api.session.get(f"{emulator.url}{emulator.settings.openapi_path}").json()


@pytest.mark.parametrize("ended_job", ["refuse", "accept"])
def test_termination(api, emulator, ended_job):
    emulator.settings.terminate_operation = "POST /api/Job/{jobId}/Terminate"
    emulator.settings.ended_job = ended_job
    job = start(api, emulator, b'<Flow seconds="60"/>')
    assert api.post(f"Job/{job}/Terminate").status_code == 200
    assert api.get(f"Job/{job}/Status").json() == "Terminated"
    assert api.post(f"Job/{job}/Terminate").status_code == (400 if ended_job == "refuse" else 200)
    assert api.post("Job/99/Terminate").status_code == 404
    assert api.post("Job/x/Terminate").status_code == 400


@pytest.mark.parametrize("form", ["text", "lines", "objects"])
def test_trace(api, emulator, ended, form):
    emulator.settings.trace_operation = "GET /api/JobTrace?id={id}"
    emulator.settings.trace_form = form
    job = start(api, emulator, b"<Other/>")
    ended(emulator, job)
    response = api.get(f"JobTrace?id={job}")
    shown = response.text if form == "text" else str(response.json())
    assert emulator.state()["jobs"][0]["reason"] in shown
    assert api.get("JobTrace?id=99").status_code == 404
    assert api.get("JobTrace").status_code == 400


def test_deletion(api, emulator):
    emulator.settings.delete_deployment_operation = "DELETE /api/Deployment/{deploymentId}"
    api.ok("Deployment", DEPLOYMENT)
    assert api.call("DELETE", "Deployment/1").status_code == 200
    assert emulator.state()["deployments"] == []
    assert api.call("DELETE", "Deployment/1").status_code == 404
    api.ok("Deployment", DEPLOYMENT)
    assert emulator.state()["deployments"][0]["id"] == 2, "an id is never used again"


def test_it_takes_a_token(anonymous, emulator):
    emulator.settings.delete_schedule_operation = "DELETE /api/Schedule/{id}"
    assert anonymous.call("DELETE", "Schedule/1").status_code == 401


@pytest.mark.parametrize("version", ["3", "2"])
def test_the_document_names_it(api, emulator, version):
    emulator.settings.openapi_version = version
    emulator.settings.terminate_operation = "PUT /api/Job/{jobId}/Cancel"
    emulator.settings.delete_schedule_operation = "POST /api/Schedule/Delete?scheduleId={scheduleId}"
    paths = document(api, emulator)["paths"]
    prefix = "/api" if version == "3" else ""
    (parameter,) = paths[f"{prefix}/Job/{{jobId}}/Cancel"]["put"]["parameters"]
    assert (parameter["name"], parameter["in"], parameter["required"]) == ("jobId", "path", True)
    (parameter,) = paths[f"{prefix}/Schedule/Delete"]["post"]["parameters"]
    assert (parameter["name"], parameter["in"]) == ("scheduleId", "query")
    assert parameter.get("schema", parameter)["type"] == "integer"


def test_the_document_may_need_a_token(api, emulator):
    emulator.settings.openapi_access = "token"
    url = f"{emulator.url}{emulator.settings.openapi_path}"
    assert api.session.get(url).status_code == 200
    assert api.session.get(url, headers={"Authorization": "Bearer x"}).status_code == 401


@pytest.mark.parametrize("value", ["/api/Job/{id}", "GET /other/{id}", "POST /api/Job", "POST /api/{a}?b={b}", "x"])
def test_an_invalid_operation_is_rejected(emulator, value):
    with pytest.raises(ValueError, match="terminate_operation"):
        emulator.settings.terminate_operation = value
