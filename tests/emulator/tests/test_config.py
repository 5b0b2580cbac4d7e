"""Server config, license, cluster."""

import socket
import time

import pytest

from astera_emulator import Emulator
from astera_emulator.shapes import DEFAULT_CONFIG


@pytest.fixture
def quiet(api, emulator):
    """Give a client of a server that does not restart."""
    emulator.settings.restart_after_config = "none"
    return api


def wait_until(predicate, seconds=3.0):
    """Wait until the predicate holds."""
    deadline = time.monotonic() + seconds
    while not predicate():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def is_up(api):
    """Whether the server takes connections."""
    return port_is_open(api.emulator.url)


def port_is_open(url):
    """Whether the port of a server's address takes connections."""
    try:
        socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2])), timeout=2).close()
    except ConnectionRefusedError:
        return False
    return True


@pytest.mark.parametrize("form", ["masked", "absent", "plain"])
def test_password_in_responses(quiet, emulator, form):
    emulator.settings.config_password = form
    repository = quiet.get("Server/Config").json()["serverDbInfo"]
    assert repository.get("password") == {"masked": "********", "absent": None, "plain": "initial-secret"}[form]
    assert emulator.state()["config"] == DEFAULT_CONFIG


@pytest.mark.parametrize("password", ["********", "", "new"])
def test_posted_password_is_stored_literally(quiet, emulator, password):
    config = quiet.get("Server/Config").json()
    config["serverDbInfo"]["password"] = password
    quiet.ok("Server/Config", config)
    assert emulator.state()["config"]["serverDbInfo"]["password"] == password


def test_partial_update_keep(quiet, emulator):
    quiet.ok("Server/Config", {"ServerDbInfo": {"User": "astera"}, "futureField": 1})
    config = emulator.state()["config"]
    assert config["serverDbInfo"] == {**DEFAULT_CONFIG["serverDbInfo"], "user": "astera"}
    assert (config["configParameters"], config["futureField"]) == (DEFAULT_CONFIG["configParameters"], 1)


def test_partial_update_drop(quiet, emulator):
    emulator.settings.partial_update = "drop"
    quiet.ok("Server/Config", {"port": 9261, "serverProfile": "DEFAULT", "serverDbInfo": {"user": "astera"}})
    config = emulator.state()["config"]
    assert config["configParameters"] is None
    assert (config["serverDbInfo"]["password"], config["serverDbInfo"]["port"]) == (None, 0)


@pytest.mark.parametrize(
    ("setting", "status", "profile"), [("refuse", 400, "DEFAULT"), ("ignore", 200, "DEFAULT"), ("accept", 200, "X")]
)
def test_unknown_profile(quiet, emulator, setting, status, profile):
    emulator.settings.unknown_profile = setting
    assert quiet.post("Server/Config", {"serverProfile": "X"}).status_code == status
    assert emulator.state()["config"]["serverProfile"] == profile
    emulator.settings.profiles = "X,Y"
    quiet.ok("Server/Config", {"serverProfile": "Y"})


@pytest.mark.parametrize("body", [{"serverProfile": ""}, {"port": 0}, {"port": 65536}])
def test_impossible_config(quiet, body):
    assert quiet.post("Server/Config", body).status_code == 400


def test_incomplete_config(quiet, emulator):
    emulator.settings.incomplete_config = "refuse"
    assert quiet.post("Server/Config", {"serverProfile": "DEFAULT"}).status_code == 400
    quiet.ok("Server/Config", quiet.get("Server/Config").json())


@pytest.mark.parametrize("survive", ["no", "yes"])
def test_immediate_restart(api, emulator, survive):
    emulator.settings.tokens_survive_restart = survive
    api.ok("Server/Config", {"serverProfile": "ServerProfile2"})
    assert not is_up(api)
    wait_until(lambda: is_up(api))
    assert api.get("Server/Config").status_code == (200 if survive == "yes" else 401)
    api.login()
    assert api.get("Server/Config").json()["serverProfile"] == "ServerProfile2"


def test_delayed_restart(api, emulator):
    emulator.settings.restart_after_config = "delayed"
    api.ok("Server/Config", {"serverProfile": "ServerProfile2"})
    assert api.get("Cluster").ok
    wait_until(lambda: not is_up(api))
    wait_until(lambda: is_up(api))
    assert api.get("Cluster").status_code == 401


def test_no_restart(quiet):
    quiet.ok("Server/Config", {"serverProfile": "ServerProfile2"})
    time.sleep(0.15)
    assert quiet.get("Cluster").ok


def test_reset_ends_a_pending_restart(api, emulator):
    emulator.settings.restart_seconds = 60
    api.ok("Server/Config", {"serverProfile": "ServerProfile2"})
    wait_until(lambda: not is_up(api))
    emulator.reset()
    assert is_up(api)


def test_port_change(tmp_path, emulator, connect):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = {"restart_seconds": 0.02, "port_change": "rebind"}
    with Emulator(tmp_path, settings=settings) as other:
        api = connect(other)
        api.login()
        old_url = other.url
        api.ok("Server/Config", {"port": port})
        wait_until(lambda: other.url.endswith(f":{port}"))
        assert other.url != old_url
        assert not port_is_open(old_url)
        assert connect(other).get("Cluster").status_code == 401


def test_port_change_is_only_stored(api, emulator):
    url = emulator.url
    api.ok("Server/Config", {"port": 9999})
    wait_until(lambda: is_up(api))
    assert emulator.url == url
    assert emulator.state()["config"]["port"] == 9999


WRAPPED = {"LicenseKeyRegistrationModel": {"User": "u", "Organization": "o", "Key": "k"}}
FLAT = {"user": "u", "organization": "o", "key": "k"}


@pytest.mark.parametrize(
    ("form", "body", "status"),
    [
        ("wrapped", WRAPPED, 200),
        ("wrapped", FLAT, 400),
        ("flat", WRAPPED, 400),
        ("flat", FLAT, 200),
        ("both", WRAPPED, 200),
        ("both", FLAT, 200),
        ("wrapped", {**WRAPPED, **FLAT}, 200),
        ("flat", {**WRAPPED, **FLAT}, 200),
        ("both", {**FLAT, "key": " "}, 400),
        ("both", {"user": "u", "key": "k"}, 400),
    ],
)
def test_license_body(api, emulator, form, body, status):
    emulator.settings.license_body = form
    assert api.post("License/Key", body).status_code == status
    expected = {**FLAT, "activated": False, "activations": 0}
    assert (emulator.state()["license"] == expected) == (status == 200)


def activate(api, data=b"", content_type="text/plain"):
    """Activate the license; return the status."""
    return api.call("POST", "License/Activate", data=data, headers={"Content-Type": content_type}).status_code


def test_activation_needs_a_key_and_is_counted(api, emulator):
    assert activate(api) == 400
    api.ok("License/Key", WRAPPED)
    assert [activate(api), activate(api, content_type=None)] == [200, 200]
    assert emulator.state()["license"]["activations"] == 2
    api.ok("License/Key", WRAPPED)
    assert emulator.state()["license"]["activated"] is False
    emulator.settings.second_activation = "refuse"
    assert [activate(api), activate(api)] == [200, 400]


@pytest.mark.parametrize("rejection", [415, 400])
def test_activation_body(api, emulator, rejection):
    emulator.settings.activate_refusal = rejection
    api.ok("License/Key", WRAPPED)
    rejected = [(b"{}", "application/json"), (b"x", "text/plain"), (b"", "application/json"), (b'""', "text/plain")]
    as_text, as_json = (b"", "text/plain"), (b'""', "application/json")
    for form, statuses in {"either": [200, 200], "text": [200, rejection], "json": [rejection, 200]}.items():
        emulator.settings.activate_body = form
        assert {activate(api, *body) for body in rejected} == {rejection}
        assert [activate(api, *as_text), activate(api, *as_json)] == statuses
    assert emulator.state()["license"]["activations"] == 4


def test_the_document_describes_the_activation_body(api, emulator):
    def described():
        document = api.session.get(f"{emulator.url}/swagger/v1/swagger.json").json()
        return list(document["paths"]["/api/License/Activate"]["post"]["requestBody"]["content"])

    forms = {"either": ["application/json", "text/plain"], "json": ["application/json"], "text": ["text/plain"]}
    for form, types in forms.items():
        emulator.settings.activate_body = form
        assert described() == types


def test_cluster_update(api, emulator):
    cluster = api.get("Cluster").json()
    assert (cluster["id"], cluster["mailSetup"]) == (1, {"host": "", "port": 25})
    api.ok("Cluster", {**cluster, "purgeJobInfoAfter": 30, "pauseServersFrom": "2026-01-01T00:00:00"})
    assert emulator.state()["cluster"]["purgeJobInfoAfter"] == 30
    assert api.post("Cluster", {**cluster, "name": ""}).status_code == 400
    assert api.post("Cluster", {**cluster, "id": 2}).status_code == 404
    assert emulator.state()["cluster"]["id"] == 1


def test_cluster_drop(api, emulator):
    emulator.settings.partial_update = "drop"
    api.ok("Cluster", {"name": "c", "stagingDirectory": {}})
    cluster = emulator.state()["cluster"]
    assert "mailSetup" not in cluster
    assert (cluster["id"], cluster["purgeJobInfoAfter"], cluster["deploymentDirectory"]) == (1, 0, None)
    assert cluster["stagingDirectory"] == {"path": None}
    assert api.upload().status_code == 400


def test_cluster_timestamp(api, emulator):
    emulator.settings.cluster_stamp = "present"
    cluster = api.get("Cluster").json()
    assert api.post("Cluster", {"name": "c"}).status_code == 400
    api.ok("Cluster", cluster)
    assert api.post("Cluster", cluster).status_code == 400
    emulator.settings.cluster_stamp = "absent"
    assert "updateDtTm" not in api.get("Cluster").json()
