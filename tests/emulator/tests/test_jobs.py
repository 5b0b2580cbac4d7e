"""Jobs and their status."""

import time

import pytest

FLOW = "C:\\Flows\\load.wf"
XML = '<Flow seconds="{}" outcome="{}"><Variables><Variable name="sourceFilePath" default=""/></Variables></Flow>'


def start(api, path=FLOW, **parameters):
    """Start a job with variables; return its id."""
    items = [{"ActionName": "Variables", "ParameterName": name, "Value": value} for name, value in parameters.items()]
    return api.ok("CommandLineProcessor", {"FilePath": path, "Parameters": items}).json()["jobId"]


def status(api, job):
    """Read the status."""
    return api.get(f"Job/{job}/Status").json()


def last_status(api, job):
    """Wait for the job's end; return the statuses seen in order."""
    seen = []
    while not seen or seen[-1] in ("Queued", "Initializing", "Running", "Unknown"):
        seen.append(status(api, job))
        time.sleep(0.002)
    return list(dict.fromkeys(seen))


def test_way_of_a_job(api, emulator):
    emulator.files.write(FLOW, XML.format(0.4, "Completed").encode())
    job = start(api, "c:/flows/LOAD.WF", sourceFilePath="C:\\in.csv")
    assert isinstance(job, int)
    seen = last_status(api, job)
    order = ["Queued", "Initializing", "Running", "Completed"]
    assert seen == [status for status in order if status in seen]
    assert {"Running", "Completed"} <= set(seen)
    (stored,) = emulator.state()["jobs"]
    assert (stored["status"], stored["parameters"][0]["value"]) == ("Completed", "C:\\in.csv")


def test_names_bind_in_any_casing_and_parameters_may_be_absent(api, emulator):
    emulator.files.write(FLOW, b'<Flow seconds="0"/>')
    response = api.ok("CommandLineProcessor", {"filepath": FLOW}).json()
    assert response == {"jobId": 1, "filePath": FLOW}
    assert last_status(api, 1)[-1] == "Completed"
    for body in ({}, {"FilePath": ""}, {"FilePath": None}, {"FilePath": FLOW, "Parameters": [{}]}):
        assert api.post("CommandLineProcessor", body).status_code == 400
    assert len(emulator.state()["jobs"]) == 1


@pytest.mark.parametrize(
    ("result", "expected"),
    [("failed", "Kaputt"), ("terminated", "Beendet"), ("Stalled", "Stalled"), ("completed", "Completed")],
)
def test_results(api, emulator, result, expected):
    emulator.settings.job_failure_word = "Kaputt"
    emulator.settings.job_termination_word = "Beendet"
    emulator.files.write(FLOW, XML.format(0, result).encode())
    assert last_status(api, start(api))[-1] == expected


def test_jobs_that_fail(api, emulator):
    emulator.settings.job_seconds = 0.0
    emulator.files.write(FLOW, XML.format(0, "Completed").encode())
    emulator.files.write("C:\\bad.wf", b"PK\x03\x04")
    emulator.files.write("C:\\other.wf", b"<Other/>")
    emulator.files.write("C:\\long.wf", b'<Flow seconds="long"/>')
    wrong_action = {"ActionName": "variables", "ParameterName": "sourceFilePath", "Value": "x"}
    jobs = [start(api, path) for path in ("C:\\none.wf", "none", "C:\\bad.wf", "C:\\other.wf", "C:\\long.wf")]
    jobs.append(start(api, other="x"))
    jobs.append(api.ok("CommandLineProcessor", {"FilePath": FLOW, "Parameters": [wrong_action]}).json()["jobId"])
    assert {last_status(api, job)[-1] for job in jobs} == {"Error"}
    assert all(job["reason"] for job in emulator.state()["jobs"])


def test_missing_file(api, emulator):
    emulator.settings.missing_file = "http_error"
    assert api.post("CommandLineProcessor", {"FilePath": FLOW}).status_code == 400
    assert emulator.state()["jobs"] == []


def test_unknown_polls(api, emulator, ended):
    emulator.settings.unknown_polls = 2
    emulator.files.write(FLOW, b'<Flow seconds="0"/>')
    job = start(api)
    ended(emulator, job)
    assert [status(api, job) for _time in "abc"] == ["Unknown", "Unknown", "Completed"]


def test_unknown_job(api, emulator):
    assert [status(api, number) for number in (99, 0, -1)] == ["Unknown", "Invalid", "Invalid"]
    emulator.settings.unknown_job = "404"
    assert api.get("Job/99/Status").status_code == 404
    assert api.get("Job/x/Status").status_code == 400
    emulator.settings.unknown_job = "204"
    assert api.get("Job/99/Status").status_code == 204
    emulator.settings.unknown_job = "null"
    assert api.get("Job/99/Status").text == "null"
    emulator.settings.unknown_job = "404"
    assert api.get("Job/--1/Status").status_code == 400


def test_forms(api, emulator, ended):
    emulator.files.write(FLOW, b'<Flow seconds="0"/>')
    emulator.settings.job_id_form = "text"
    assert start(api) == "1"
    ended(emulator, 1)
    assert api.get("Job/1/Status").text == '"Completed"'
    emulator.settings.status_form = "text"
    assert api.get("Job/1/Status").text == "Completed"
    emulator.settings.status_form = "object"
    assert api.get("Job/1/Status").json() == {"status": "Completed"}
    emulator.settings.status_form = "number"
    assert [api.get(f"Job/{number}/Status").text for number in (1, 9, 0)] == ["6", "0", "1"]
    ended(emulator, int(start(api, "C:\\none.wf")))
    assert api.get("Job/2/Status").text == "7"


def test_a_job_goes_on_over_a_restart(api, emulator):
    emulator.files.write(FLOW, XML.format(1.5, "Completed").encode())
    job = start(api)
    emulator.restart(0.05)
    api.login()
    seen = last_status(api, job)
    assert "Queued" not in seen and seen[-1] == "Completed"
