"""Values that are marked secret: sent, compared where they can be, and shown nowhere, whatever the server says."""

from __future__ import annotations

import json

import pytest

FLOW = r"C:\Flows\load_orders.wf"
FILE_SCHEDULE = {"file": FLOW, "daily": {"start_time": "2026-12-01T04:30:00Z"}}
MASK = "********"

#: Module, its options, the object's kind in the emulator, the return value.
OBJECTS = [
    pytest.param("cluster", {}, "cluster", id="cluster"),
    pytest.param("server_config", {"repository": {"password": "initial-secret"}, "wait": False}, "config", id="config"),
    pytest.param("deployment", {"name": "D", "archive_path": r"C:\Deployment\a.car"}, "deployments", id="deployment"),
    pytest.param("schedule", {"name": "S", **FILE_SCHEDULE}, "schedules", id="schedule"),
    pytest.param(
        "deployments",
        {"deployments": [{"name": "D", "archive_path": r"C:\Deployment\a.car"}]},
        "deployments",
        id="deployments",
    ),
    pytest.param("schedules", {"schedules": [{"name": "S", **FILE_SCHEDULE}]}, "schedules", id="schedules"),
]


def with_secret(module, options, **fields):
    """The options with a marked field, in the only entry where there is a list."""
    if module in options:
        (entry,) = options[module]
        return {module: [{**entry, **fields}]}
    return {**options, **fields}


def changes_of(result):
    """The changes of a task, or of the only entry of a list."""
    return result["changes"] if "changes" in result else result.results[0]["changes"]


def stored(emulator, kind):
    found = emulator.state()[kind]
    return found[0] if isinstance(found, list) else found


@pytest.fixture
def quick(emulator, renew):
    renew(emulator, restart_after_config="none")
    return emulator


@pytest.mark.parametrize(("module", "options", "kind"), OBJECTS)
def test_a_marked_field(quick, run_raw, module, options, kind):
    def bring(value):
        fields = {"extra_fields": {"note": {"open": "to see"}}, "secret_extra_fields": {"note": {"hidden": value}}}
        return run_raw(module, **with_secret(module, options, **fields))

    first = bring("canary-one")
    assert first.changed
    assert "canary" not in json.dumps(first)
    assert stored(quick, kind)["note"] == {"open": "to see", "hidden": "canary-one"}
    writes = len(quick.writes)
    again = bring("canary-one")
    assert not again.changed
    assert len(quick.writes) == writes
    other = bring("canary-two")
    assert other.changed
    (change,) = changes_of(other)
    assert change["path"].endswith("secret_extra_fields.note.hidden")
    assert (change["before"], change["after"]) == (MASK, "******** (updated)")
    assert "canary" not in json.dumps([again, other])
    assert "to see" in json.dumps(changes_of(first))
    assert stored(quick, kind)["note"]["hidden"] == "canary-two"


@pytest.mark.parametrize(("module", "options", "kind"), OBJECTS)
def test_a_server_that_repeats_what_was_sent(quick, run_raw, module, options, kind):
    """Also a secret that the server had and the task never knew."""
    fields = {"secret_extra_fields": {"note": "canary-old", "list": ["canary-a", {"b": "canary-b"}]}}
    run_raw(module, **with_secret(module, options, **fields))
    body = 'refused: canary-new, \\"canary-old\\", CANARY-A, canary-b'
    quick.add_fault(method="POST", action="status", status=500, body=body, times=9, nth=2)
    refused = run_raw(module, **with_secret(module, options, secret_extra_fields={"note": "canary-new", "list": [1]}))
    assert refused.failed
    assert "refused: ********" in json.dumps(refused)
    assert "canary" not in json.dumps(refused).lower()


def test_a_field_that_has_an_option_of_its_own(emulator, run):
    old = {"name": "D", "archive_path": r"C:\Deployment\a.car", "comment": "canary-old"}
    assert run("deployment", **old).changed
    new = {"name": "D", "secret_extra_fields": {"comment": "canary-new"}}
    for check in (True, False):
        result = run("deployment", check=check, **new)
        assert "canary" not in json.dumps(result)
    assert result.deployment["comment"] == MASK
    assert "secret_extra_fields.comment" in result.paths
    assert not run("deployment", **new).changed


@pytest.mark.parametrize("shown", ["********", None])
def test_what_the_server_does_not_show_is_sent_on_every_run(emulator, run, shown):
    """Nobody can tell whether it is the right one."""
    for _run in range(2):
        emulator.put("cluster", {"mailSetup": {"pin": shown}})
        result = run("cluster", secret_extra_fields={"mailSetup": {"pin": "canary-pin"}})
        assert result.paths == ["secret_extra_fields.mailSetup.pin"]
        assert result.warnings == []
        assert emulator.state()["cluster"]["mailSetup"]["pin"] == "canary-pin"


@pytest.mark.parametrize(
    ("open_fields", "secret"),
    [
        ({"note": "a"}, {"note": "canary"}),
        ({"Mail": {"Pin": 1}}, {"mail": {"pin": "canary"}}),
        ({"mail": "a"}, {"mail": {"pin": "canary"}}),
        ({"mail": {"pin": {"x": 1}}}, {"mail": {"pin": ["canary"]}}),
    ],
)
def test_a_field_that_is_given_twice(emulator, run_raw, open_fields, secret):
    result = run_raw("cluster", extra_fields=open_fields, secret_extra_fields=secret)
    assert result.error["kind"] == "input"
    assert "extra_fields and secret_extra_fields both set" in result.msg
    assert "canary" not in json.dumps(result)
    assert not emulator.requests


def test_the_identity_is_not_to_be_set(emulator, run):
    assert "secret_extra_fields must not set Id" in run("cluster", secret_extra_fields={"Id": 7}).msg


@pytest.mark.parametrize("module", ["job", "jobs"])
def test_secret_parameters(emulator, run_raw, module):
    variables = b'<Variables><Variable name="sourceFilePath"/><Variable name="pin"/></Variables>'
    emulator.files.write(FLOW, b"<Flow>%b</Flow>" % variables)
    job = {
        "path": FLOW,
        "parameters": {"Variables": {"sourceFilePath": "/out/a.csv"}},
        "secret_parameters": {"Variables": {"pin": "canary-1"}},
    }
    result = run_raw(module, **({"jobs": [job]} if module == "jobs" else job), wait_interval=0.05)
    assert result.changed
    assert "canary" not in json.dumps(result)
    (found,) = emulator.state()["jobs"]
    assert {parameter["parameterName"]: parameter["value"] for parameter in found["parameters"]} == {
        "sourceFilePath": "/out/a.csv",
        "pin": "canary-1",
    }


@pytest.mark.parametrize("value", [7, "7", True, "ok", 1.5])
def test_very_short_secrets_spoil_no_result(emulator, run_raw, value):
    """Ansible would hide each digit 7 of a result. What is too short to be looked for is masked where it stands."""
    emulator.files.write(FLOW, b'<Flow><Variables><Variable name="pin"/></Variables></Flow>')
    for _job in range(7):
        started = run_raw("job", path=FLOW, secret_parameters={"Variables": {"pin": value}}, wait=False)
    assert started.job["id"] == 7
    assert started.invocation["module_args"]["secret_parameters"] == {"Variables": {"pin": MASK}}
    assert emulator.state()["jobs"][6]["parameters"][0]["value"] == {True: "true"}.get(value, str(value))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"parameters": {"V": {"pin": 1}}, "secret_parameters": {"V": {"pin": "canary"}}}, "both set V.pin"),
        ({"secret_parameters": {"canary": "x"}}, "must be a dictionary of names"),
        ({"secret_parameters": {"V": {"pin": {"canary": "canary"}}}}, "secret_parameters.V.pin must be a text"),
        ({"secret_parameters": {"V": {"pin": ["canary,x"]}}}, "secret_parameters.V.pin must be a text"),
        ({"secret_parameters": {"V": {"pin": None}}}, "secret_parameters.V.pin must be a text"),
        ({"secret_parameters": {"V": {}}, "path": None, "job_id": 7}, "exclude each other"),
    ],
)
def test_secret_parameters_that_cannot_be(emulator, run_raw, options, words):
    result = run_raw("job", **{"path": FLOW, **options})
    assert result.error["kind"] == "input"
    assert words in result.msg
    shown = json.dumps(result).replace('"canary": "********"', "").replace("secret_parameters.canary", "")
    assert "canary" not in shown
    assert not emulator.requests


@pytest.mark.parametrize("options", [{"secret_parameters": "canary"}, {"secret_parameters": ["canary"]}])
def test_options_of_a_wrong_type_show_nothing(run_raw, options):
    for result in (run_raw("job", path=FLOW, **options), run_raw("jobs", jobs=[{"path": FLOW, **options}])):
        assert result.failed
        assert "canary" not in json.dumps(result)


def test_words_that_read_like_secret_options_stay(emulator, run_raw):
    """The name of update_password reads like that of a secret, but its spec says that it is none."""
    result = run_raw("server_config", update_password="always", repository={"user": "on_change"})
    assert result.invocation["module_args"]["update_password"] == "always"
    assert result.invocation["module_args"]["repository"]["user"] == "on_change"


def test_a_job_whose_words_repeat_its_secrets(emulator, run):
    emulator.settings.trace_operation = "GET /api/Job/{jobId}/Trace"
    emulator.add_fault(path="/api/Job/1/Status", status=200, body='"Bad pin canary-pin, CANARY-PIN"', times=9)
    emulator.add_fault(path="/api/Job/1/Trace", status=200, body=["pin='canary-pin'", "Password=unknown;x"])
    result = run("job", path=FLOW, secret_parameters={"Variables": {"pin": "canary-pin"}}, wait_interval=0.02)
    assert result.job["status"] == "Bad pin ********, ********"
    assert result.job["trace"] == "pin='********'\nPassword=********;x"
    assert "canary" not in json.dumps(result).lower()


def test_a_trace_full_of_a_long_secret(emulator, run):
    """Masks are shorter, so what was far from the end of the trace is shown in the end."""
    pin = "canary-" + "abcdefghij" * 300
    emulator.settings.trace_operation = "GET /api/Job/{jobId}/Trace"
    emulator.add_fault(path="/api/Job/1/Status", status=200, body='"Failed"', times=9)
    emulator.add_fault(path="/api/Job/1/Trace", status=200, body=[pin] * 200, times=9)
    result = run("job", path=FLOW, secret_parameters={"Variables": {"pin": pin}}, wait_interval=0.02)
    assert result.job["trace"] == "\n".join([MASK] * 200)


def test_what_the_server_says_of_itself(emulator, run):
    body = {
        "host": "canary-pass",
        "x": "at canary-pass",
        "auth": "Basic YWRtaW46Y2FuYXJ5LXBhc3M=",
        "dsn": "User=x;Password=y",
    }
    emulator.settings.password = "canary-pass"
    emulator.add_fault(path="/api/ServerInfo", status=200, body=body, times=9)
    info = run("server_info", password="canary-pass").server["info"]
    assert info == {"host": MASK, "x": f"at {MASK}", "auth": f"Basic YWRtaW46{MASK}", "dsn": f"User=x;Password={MASK}"}


def test_a_path_that_holds_a_secret(emulator, run, archive):
    """The server may put uploads where it likes."""
    path = r"C:\canary-pass\orders.car"
    emulator.settings.password = "canary-pass"
    emulator.add_fault(path="/api/UploadFile", status=200, body=path)
    result = run("deployment", password="canary-pass", name="D", archive=str(archive))
    assert emulator.state()["deployments"][0]["clusterArchiveFilePath"] == path
    assert "canary" not in json.dumps(result)


def test_a_secret_that_the_server_shows_is_hidden_when_it_is_sent_back(emulator, run):
    emulator.put("cluster", {"mailSetup": {"smtpPassword": "canary-mail", "credentials": {"x": ["canary-x"]}}})
    emulator.add_fault(method="POST", path="/api/Cluster", status=500, body="bad: canary-mail, canary-x", times=9)
    assert "bad: ********, ********" in run("cluster", name="OTHER").msg


@pytest.mark.parametrize("status", [302, 307])
def test_a_redirect_that_repeats_a_secret(emulator, run, status):
    """Percent-encoded, as an address must be."""
    secret = 'Se"cret\\Pass'
    location = {"Location": "https://elsewhere.test/Se%22cret%5CPass"}
    if status == 302:
        location = {"Location": "/login/Se%22cret%5CPass"}
    emulator.add_fault(method="POST", path="/api/Cluster", action="status", status=status, headers=location, times=9)
    result = run("cluster", name="X", secret_extra_fields={"pin": secret}, retries=0)
    assert "redirects" in result.msg
    assert "cret" not in json.dumps(result)


def test_a_warning_that_repeats_a_secret(emulator, run):
    secret = "Se\"c'ret\\Pass"
    edit = {"cluster": {"name": f"echo {secret}"}}
    emulator.add_fault(method="GET", path="/api/Cluster", nth=2, action="edit", body=edit)
    result = run("cluster", name="X", secret_extra_fields={"pin": secret})
    assert "did not keep name" in result.warnings[0]
    assert "ret" not in result.warnings[0].replace("server", "").replace("cluster", "")


@pytest.mark.parametrize("field", [{"nodes": [{"password": "****"}]}, {"credentials": {"value": "****"}}])
def test_a_mask_within_something_else_is_not_sent_back(emulator, run, field):
    emulator.put("cluster", field)
    result = run("cluster", name="X")
    assert result.error["kind"] == "input"
    assert "only as a mask" in result.msg
    assert not emulator.writes


def test_what_the_server_shows_under_a_secret_name_spoils_no_result(emulator, run):
    emulator.put("cluster", {"credentialType": "Windows", "secretStore": "***"})
    result = run("cluster", staging_directory=r"C:\Windows\Temp", secret_extra_fields={"secretStore": "SQL-7"})
    assert result.cluster["staging_directory"] == r"C:\Windows\Temp"
    assert [change["before"] for change in result.changes if "secretStore" in change["path"]] == [MASK]


def test_credentials_in_the_address_are_not_shown_among_the_options(run_raw):
    result = run_raw("cluster_info", server_url="https://admin:canary-url@localhost:9261")
    assert result.error["kind"] == "input"
    assert "canary" not in json.dumps(result)
