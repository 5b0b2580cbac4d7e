"""astera_deployment and astera_deployment_info."""

from __future__ import annotations

import hashlib

import pytest


def uploads(emulator):
    return [r for r in emulator.requests if r.path.lower() == "/api/uploadfile"]


def test_life_of_a_deployment(any_emulator, run, archive, settings_file):
    missing = run("deployment", archive=str(archive))
    assert missing.error["kind"] == "input"
    assert "name or id is needed" in missing.msg
    options = {"name": "Orders", "archive": str(archive), "config": str(settings_file), "comment": "1.0"}
    predicted = run("deployment", check=True, **options)
    assert predicted.changed
    assert predicted.uploads[0]["path"] is None
    assert not any_emulator.writes
    created = run("deployment", **options)
    assert created.changes == predicted.changes
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    assert created.uploads[0] == {
        "source": str(archive),
        "path": created.deployment["archive_path"],
        "sha256": digest,
        "size": archive.stat().st_size,
    }
    assert digest in created.deployment["archive_path"]
    stored = any_emulator.state()["deployments"]
    assert [(d["name"], d["comment"]) for d in stored] == [("Orders", "1.0")]
    assert any_emulator.files.read(stored[0]["clusterArchiveFilePath"]) == archive.read_bytes()

    written = len(any_emulator.writes)
    again = run("deployment", **options)
    assert not again.changed
    assert again.uploads == []
    assert len(any_emulator.writes) == written

    predicted = run("deployment", check=True, **{**options, "comment": "1.1"})
    updated = run("deployment", **{**options, "comment": "1.1"})
    assert (
        updated.changes
        == predicted.changes
        == [{"path": "comment", "action": "change", "before": "1.0", "after": "1.1"}]
    )
    assert updated.diff == predicted.diff
    assert len(uploads(any_emulator)) == 2

    renamed = run("deployment", name="Orders", new_name="Bestellungen größer")
    assert renamed.paths == ["name"]
    assert not run("deployment", name="Orders", new_name="Bestellungen größer").changed
    assert not run("deployment", name="Orders", state="absent").changed
    refused = run("deployment", name="Bestellungen größer", state="absent")
    assert refused.error["kind"] == "unsupported"
    assert len(any_emulator.state()["deployments"]) == 1


def test_a_changed_archive_is_always_deployed(any_emulator, run, archive):
    run("deployment", name="Orders", archive=str(archive))
    archive.write_bytes(b"archive, second build")
    predicted = run("deployment", check=True, name="Orders", archive=str(archive))
    result = run("deployment", name="Orders", archive=str(archive))
    assert result.changed
    assert result.changes == predicted.changes
    assert result.paths == ["archive"]
    path = any_emulator.state()["deployments"][0]["clusterArchiveFilePath"]
    assert any_emulator.files.read(path) == b"archive, second build"
    assert not run("deployment", name="Orders", archive=str(archive)).changed


def test_the_same_bytes_under_another_name_change_nothing(emulator, run, archive):
    run("deployment", name="Orders", archive=str(archive))
    moved = archive.rename(archive.with_name("other.car"))
    assert not run("deployment", name="Orders", archive=str(moved)).changed


@pytest.mark.parametrize("form", ["text", "json_string", "object", "object_file_path"])
@pytest.mark.parametrize("collision", ["refuse", "rename", "overwrite"])
@pytest.mark.parametrize("extension", ["append", "as_given"])
def test_readings_of_the_upload(emulator, run, archive, form, collision, extension):
    emulator.settings.upload_answer = form
    emulator.settings.upload_collision = collision
    emulator.settings.upload_extension = extension
    for name in ("One", "Two"):  # the second deployment uploads the same bytes to a server that has them
        result = run("deployment", name=name, archive=str(archive))
        assert result.changed, result
        assert emulator.files.read(result.deployment["archive_path"]) == archive.read_bytes()
        assert not run("deployment", name=name, archive=str(archive)).changed


def test_a_name_of_the_servers_own_is_reported(emulator, run, archive):
    emulator.add_fault(path="/api/UploadFile", status=200, body=r"C:\Deployment\Archive1.car")
    result = run("deployment", name="Orders", archive=str(archive))
    assert "under a name of its own" in result.warnings[0]
    assert result.deployment["archive_path"] == r"C:\Deployment\Archive1.car"


def test_an_upload_that_is_too_large(emulator, run, archive):
    emulator.settings.max_upload_bytes = 10
    assert run("deployment", name="Orders", archive=str(archive)).error["status"] == 413
    assert [request.path for request in emulator.writes] == ["/api/UploadFile"]


@pytest.mark.parametrize("form", ["empty", "id", "object"])
@pytest.mark.parametrize("casing", ["camel", "pascal"])
def test_forms_of_the_response(emulator, run, archive, form, casing):
    emulator.settings.post_answer = form
    emulator.settings.output_casing = casing
    created = run("deployment", name="Orders", archive=str(archive))
    assert created.deployment["id"] == emulator.state()["deployments"][0]["id"]
    assert run("deployment", id=created.deployment["id"], comment="x").paths == ["comment"]


def test_activation_is_sent_only_where_it_is_shown(emulator, run, archive):
    emulator.settings.new_deployment_active = "yes"
    options = {"name": "Orders", "archive": str(archive), "active": False}
    created = run("deployment", **options)
    assert created.deployment["active"] is False
    assert not run("deployment", **options).changed
    emulator.settings.deployment_activation = "absent"
    other = run("deployment", **{**options, "name": "Other"})
    assert other.changed
    assert "does not show whether a deployment is active" in other.warnings[0]
    assert "isActive" not in str([r.json for r in emulator.writes[-1:]])


NAMES = ["active", "isActivated", "activated", "enabled", "isEnabled"]


@pytest.mark.parametrize("casing", ["camel", "pascal"])
@pytest.mark.parametrize("name", NAMES)
def test_other_names_of_the_activation_field(emulator, run, archive, name, casing):
    emulator.reset(deployment_active_field=name, output_casing=casing, partial_update="drop")
    options = {"name": "Orders", "archive": str(archive), "active": False}
    created = run("deployment", **options)
    assert created.deployment["active"] is False
    assert not created.warnings
    assert "isActive" not in str([request.json for request in emulator.writes])
    assert not run("deployment", **options).changed
    on = run("deployment", name="Orders", active=True)
    assert on.changes == [{"path": "active", "action": "change", "before": False, "after": True}]
    assert emulator.state()["deployments"][0]["isActive"] is True
    assert run("deployment_info").deployments[0]["active"] is True


def test_a_field_of_another_type_is_no_activation_field(emulator, run, archive):
    emulator.settings.deployment_activation = "absent"
    run("deployment", name="Orders", archive=str(archive))
    emulator.put("deployment", {"id": 1, "active": "since Monday", "enabled": None})
    result = run("deployment", name="Orders", active=False, comment="new")
    assert "does not show whether a deployment is active" in result.warnings[0]
    stored = emulator.state()["deployments"][0]
    assert (stored["active"], stored["enabled"]) == ("since Monday", None)


def test_fields_without_an_option_survive(any_emulator, run, archive):
    run("deployment", name="Orders", archive=str(archive))
    stored = any_emulator.state()["deployments"][0]
    any_emulator.put("deployment", {**stored, "futureField": {"a": [1, None]}})
    run("deployment", name="Orders", comment="new", extra_fields={"otherField": "x"})
    after = any_emulator.state()["deployments"][0]
    assert after["futureField"] == {"a": [1, None]}
    assert after["otherField"] == "x"
    assert after["clusterArchiveFilePath"] == stored["clusterArchiveFilePath"]
    assert after["createdDtTm"] == stored["createdDtTm"]


def test_info_can_be_fed_back(any_emulator, run, archive):
    run("deployment", name="Orders", archive=str(archive), comment="1.0")
    run("deployment", name="Other", archive=str(archive))
    listed = run("deployment_info").deployments
    assert [d["name"] for d in listed] == ["Orders", "Other"]
    for deployment in listed:
        assert not run("deployment", **deployment).changed
    assert run("deployment_info", name="Other").deployments == listed[1:]
    assert run("deployment_info", id=listed[0]["id"]).deployments == listed[:1]
    assert run("deployment_info", name="Nobody").deployments == []


def test_paths_on_the_server(emulator, run):
    emulator.files.write(r"C:\Deployment\shared.car", b"bytes")
    options = {"name": "Orders", "archive_path": r"C:\Deployment\shared.car"}
    assert run("deployment", **options).changed
    assert not run("deployment", name="Orders", archive_path="c:/deployment/SHARED.car", config_path="").changed


def test_another_administrator_in_between(emulator, run, archive):
    run("deployment", name="Orders", archive=str(archive))
    stored = emulator.state()["deployments"][0]
    real_put = emulator.put

    import threading

    def meddle():
        real_put("deployment", {**stored, "comment": "by somebody else"})

    # The delay of our write gives the other administrator the time to come first.
    emulator.add_fault(method="POST", path="/api/Deployment", action="delay", delay=0.4)
    other = threading.Timer(0.2, meddle)
    other.start()
    result = run("deployment", name="Orders", encrypt_files=True)
    other.join()
    assert result.changed
    assert result.paths == ["encrypt_files"]
    after = emulator.state()["deployments"][0]
    assert after["comment"] == "by somebody else"
    assert after["encryptFiles"] is True


def test_a_lost_response_of_a_creation_is_read_back(emulator, run, archive):
    emulator.add_fault(method="POST", path="/api/Deployment", action="reset_after")
    result = run("deployment", name="Orders", archive=str(archive))
    assert result.changed
    assert len(emulator.state()["deployments"]) == 1


def test_a_lost_creation_is_not_repeated(emulator, run, archive):
    emulator.add_fault(method="POST", path="/api/Deployment", action="reset_before")
    result = run("deployment", name="Orders", archive=str(archive))
    assert result.error["kind"] == "connection"
    assert emulator.state()["deployments"] == []
    assert run("deployment", name="Orders", archive=str(archive)).changed
    assert len(emulator.state()["deployments"]) == 1


@pytest.mark.parametrize("action", ["reset_before", "reset_after"])
def test_a_lost_update_is_resolved(emulator, run, archive, action):
    run("deployment", name="Orders", archive=str(archive))
    emulator.add_fault(method="POST", path="/api/Deployment", action=action)
    result = run("deployment", name="Orders", comment="new")
    assert result.changed
    assert emulator.state()["deployments"][0]["comment"] == "new"


@pytest.mark.parametrize("action", ["reset_before", "reset_after", "status_after"])
def test_a_failed_upload_converges_on_the_next_run(emulator, run, archive, action):
    emulator.settings.upload_collision = "refuse"
    emulator.add_fault(method="POST", path="/api/UploadFile", action=action, status=500)
    assert run("deployment", name="Orders", archive=str(archive)).failed
    assert emulator.state()["deployments"] == []
    assert run("deployment", name="Orders", archive=str(archive)).changed


def test_bad_archives(emulator, run, tmp_path):
    empty = tmp_path / "empty.car"
    empty.touch()
    for path, words in ((tmp_path / "none.car", "file not found"), (empty, "is empty"), (tmp_path, "file not found")):
        result = run("deployment", name="Orders", archive=str(path))
        assert result.error["kind"] == "input"
        assert words in result.msg
    assert not emulator.requests
    without = run("deployment", name="Orders", comment="x")
    assert without.error["kind"] == "input"
    assert "needs its archive" in without.msg
    assert not emulator.writes


def test_names_that_clash(emulator, run, archive):
    for name in ("One", "Two"):
        run("deployment", name=name, archive=str(archive))
    written = len(emulator.writes)
    assert run("deployment", name="One", new_name="Two").error["kind"] == "conflict"
    assert run("deployment", name="None", new_name="Neither").error["kind"] == "not_found"
    assert run("deployment", id=99, comment="x").error["kind"] == "not_found"
    first = emulator.state()["deployments"][0]["id"]
    assert "is named 'One', not 'Two'" in run("deployment", id=first, name="Two").msg
    assert len(emulator.writes) == written


def test_a_duplicate_name_by_somebody_else(emulator, run, archive):
    """The list was read before the other one was made: the server's 400 is met, and its object is taken over."""
    import threading

    emulator.add_fault(method="POST", path="/api/Deployment", action="delay", delay=0.4)
    timer = threading.Timer(
        0.2,
        lambda: emulator.put("deployment", {"name": "Orders", "clusterArchiveFilePath": r"C:\x.car", "comment": ""}),
    )
    timer.start()
    result = run("deployment", name="Orders", archive=str(archive))
    timer.join()
    assert result.changed
    assert len(emulator.state()["deployments"]) == 1
    assert emulator.files.read(emulator.state()["deployments"][0]["clusterArchiveFilePath"]) == archive.read_bytes()
