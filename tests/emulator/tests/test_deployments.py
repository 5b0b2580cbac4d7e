"""Deployments and schedules: create, update, timestamps, references."""

import re

import pytest

from astera_emulator import timestamps

TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}[+-]\d\d:\d\d")
DAILY = {
    "dailyScheduleBase": {
        "startTime": "2022-09-06T04:53:46.2573662-07:00",
        "typeName": "Astera.Core.DailyScheduleEveryDay",
    },
    "typeName": "Astera.Core.DailySchedule",
}
SCHEDULE = {"name": "s", "isFile": True, "filePathResolved": {"path": "C:\\a.wf"}, "schedule": DAILY}


def only(api):
    """Return the only deployment."""
    (deployment,) = api.get("Deployments").json()
    return deployment


def test_create_and_update(api):
    api.ok("Deployment", {"id": 0, "name": "a", "comment": "one", "createdDtTm": "2001-01-01T00:00:00"})
    first = only(api)
    assert (first["id"], first["comment"], first["isActive"]) == (1, "one", True)
    assert TIMESTAMP.fullmatch(first["updateDtTm"]) and first["createdDtTm"] == first["updateDtTm"]
    api.ok("Deployment", {**first, "name": "b"})
    second = only(api)
    assert (second["id"], second["name"], second["createdDtTm"]) == (1, "b", first["createdDtTm"])
    assert timestamps.to_ticks(second["updateDtTm"]) > timestamps.to_ticks(first["updateDtTm"])


def test_every_update_changes_the_timestamp(api):
    api.ok("Deployment", {"name": "a"})
    seen = {only(api)["updateDtTm"]}
    for _time in range(20):
        api.ok("Deployment", only(api))
        seen.add(only(api)["updateDtTm"])
    assert len(seen) == 21


def test_outdated_timestamp(api, emulator):
    api.ok("Deployment", {"name": "a"})
    old = only(api)
    emulator.put("deployment", {"id": 1, "comment": "another administrator"})
    assert api.post("Deployment", old).status_code == 400
    assert api.post("Deployment", {"id": 1, "name": "a"}).status_code == 400
    assert only(api)["comment"] == "another administrator"


@pytest.mark.parametrize(("setting", "status"), [("refuse", 400), ("accept", 200)])
def test_newer_timestamp(api, emulator, setting, status):
    emulator.settings.newer_stamp = setting
    api.ok("Deployment", {"name": "a"})
    newer = {**only(api), "updateDtTm": "2099-01-01T00:00:00.0000000-07:00"}
    same_moment = {**only(api), "updateDtTm": only(api)["updateDtTm"].replace("T", "T", 1)[:-6] + "Z"}
    assert api.post("Deployment", newer).status_code == status
    assert api.post("Deployment", same_moment).status_code == 400


def test_created_timestamp(api, emulator):
    emulator.settings.created_stamp = "required"
    api.ok("Deployment", {"name": "a"})
    deployment = only(api)
    assert api.post("Deployment", {**deployment, "createdDtTm": "2001-01-01T00:00:00"}).status_code == 400
    deployment.pop("createdDtTm")
    assert api.post("Deployment", deployment).status_code == 400
    api.ok("Deployment", only(api))


def test_duplicate_names(api, emulator):
    api.ok("Deployment", {"name": "a"})
    api.ok("Deployment", {"name": "b"})
    assert api.post("Deployment", {"name": "a"}).status_code == 400
    assert api.post("Deployment", {"name": "A"}).status_code == 400
    second = api.get("Deployments").json()[1]
    assert api.post("Deployment", {**second, "name": "a"}).status_code == 400
    assert [item["name"] for item in emulator.state()["deployments"]] == ["a", "b"]
    emulator.settings.name_clash = "exact"
    api.ok("Deployment", {"name": "A"})


@pytest.mark.parametrize("status", [404, 400])
def test_unknown_id(api, emulator, status):
    emulator.settings.unknown_id = status
    for number in (7, -1):
        assert api.post("Deployment", {"id": number, "name": "a"}).status_code == status
    assert api.post("Schedule", {**SCHEDULE, "id": 7}).status_code == status
    assert api.get("Schedule/7").status_code == status
    assert api.get("Schedule/x").status_code == 400
    assert emulator.state()["deployments"] == emulator.state()["schedules"] == []


def test_nothing_as_the_response_to_an_unknown_id(api, emulator):
    emulator.settings.unknown_id = 204
    response = api.get("Schedule/7")
    assert (response.status_code, response.content) == (204, b"")
    emulator.settings.unknown_id = "null"
    response = api.get("Schedule/7")
    assert (response.status_code, response.text) == (200, "null")
    assert api.post("Schedule", {**SCHEDULE, "id": 7}).status_code == 404
    assert api.post("Deployment", {"id": 7, "name": "a"}).status_code == 404


@pytest.mark.parametrize("name", ["", "  ", None])
def test_name_is_required(api, name):
    assert api.post("Deployment", {"name": name}).status_code == 400
    assert api.post("Deployment", {}).status_code == 400
    assert api.post("Schedule", {**SCHEDULE, "name": name}).status_code == 400


def test_partial_update(api, emulator):
    api.ok("Deployment", {"name": "a", "comment": "c", "futureField": 1})
    timestamp = only(api)["updateDtTm"]
    api.ok("Deployment", {"id": 1, "updateDtTm": timestamp, "encryptFiles": True})
    kept = only(api)
    assert (kept["name"], kept["comment"], kept["futureField"], kept["encryptFiles"]) == ("a", "c", 1, True)
    emulator.settings.partial_update = "drop"
    api.ok("Deployment", {"id": 1, "updateDtTm": kept["updateDtTm"], "name": "a"})
    dropped = only(api)
    assert (dropped["comment"], dropped["isActive"], dropped["encryptFiles"]) == (None, False, False)
    assert "futureField" not in dropped
    assert dropped["createdDtTm"] == kept["createdDtTm"]


def test_activation_state(api, emulator):
    emulator.settings.new_deployment_active = "no"
    api.ok("Deployment", {"name": "a"})
    assert only(api)["isActive"] is False
    emulator.settings.deployment_activation = "absent"
    assert "isActive" not in only(api)
    api.ok("Deployment", {**only(api), "isActive": True})
    assert "isActive" not in only(api)


def test_fields_that_a_creation_ignores(api, emulator):
    emulator.reset(ignored_on_create="Comment, isActive, skipIfRunning", new_deployment_active="no")
    api.login()
    api.ok("Deployment", {"name": "a", "comment": "c", "isActive": True, "encryptFiles": True})
    created = only(api)
    assert (created["comment"], created["isActive"], created["encryptFiles"]) == (None, False, True)
    api.ok("Deployment", {**created, "comment": "c", "isActive": True})
    assert (only(api)["comment"], only(api)["isActive"]) == ("c", True)
    api.ok("Schedule", {**SCHEDULE, "id": 0, "isActive": True, "SkipIfRunning": True, "traceLevel": "Job"})
    schedule = api.get("Schedule/1").json()
    assert (schedule["isActive"], schedule["skipIfRunning"], schedule["traceLevel"]) == (False, False, "Job")
    api.ok("Schedule", {**schedule, "isActive": True, "skipIfRunning": True})
    assert api.get("Schedule/1").json()["skipIfRunning"] is True
    with pytest.raises(ValueError, match="ignored_on_create"):
        emulator.settings.ignored_on_create = "comment,,"


@pytest.mark.parametrize("name", ["active", "isActivated", "activated", "enabled", "isEnabled"])
@pytest.mark.parametrize("casing", ["camel", "pascal"])
def test_another_name_of_the_activation_field(api, emulator, name, casing):
    emulator.reset(deployment_active_field=name, schedule_active_field=name, output_casing=casing, post_answer="object")
    api.login()
    field = name if casing == "camel" else name[0].upper() + name[1:]
    for path, body in (("Deployment", {"name": "a"}), ("Schedule", SCHEDULE)):
        created = api.ok(path, {**body, name.upper(): False, "isActive": True}).json()
        assert created[field] is False and not {"isActive", "IsActive"} & set(created)
        assert api.get(f"{path}s").json() == [created]
        assert api.ok(path, {**created, field: True}).json()[field] is True
        assert emulator.state()[f"{path.lower()}s"][0]["isActive"] is True
        assert api.post(path, {**body, name: "yes"}).status_code == 400
    assert api.get("Schedule/1").json()[field] is True
    emulator.settings.schedule_list = "summary"
    assert field in api.get("Schedules").json()[0]


def test_missing_text(api, emulator):
    emulator.settings.missing_text = "empty"
    api.ok("Deployment", {"name": "a"})
    assert only(api)["comment"] == ""


def test_missing_archive(api, emulator):
    emulator.settings.missing_archive = "refuse"
    body = {"name": "a", "clusterArchiveFilePath": "c:/deployment/TESTING.car"}
    assert api.post("Deployment", body).status_code == 400
    api.upload()
    api.ok("Deployment", body)


def test_schedule_life(api, emulator):
    api.ok("Schedule", {**SCHEDULE, "notifications": [{"To": "x"}]})
    schedule = api.get("Schedule/1").json()
    assert api.get("Schedules").json() == [schedule]
    assert (schedule["schedule"], schedule["notifications"]) == (DAILY, [{"To": "x"}])
    api.ok("Schedule", {**schedule, "isActive": True})
    assert api.post("Schedule", schedule).status_code == 400
    weekly = {"typeName": "Some.Other.Type", "days": [1]}
    api.ok("Schedule", {**api.get("Schedule/1").json(), "schedule": weekly})
    assert emulator.state()["schedules"][0]["schedule"] == weekly


def test_schedule_target(api, emulator):
    by_deployment = {"name": "s", "isFile": False, "deploymentId": 1, "schedule": DAILY}
    assert api.post("Schedule", {**SCHEDULE, "filePathResolved": None}).status_code == 400
    assert api.post("Schedule", {**SCHEDULE, "filePathResolved": {"path": ""}}).status_code == 400
    assert api.post("Schedule", by_deployment).status_code == 400
    emulator.settings.unknown_deployment_in_schedule = "accept"
    api.ok("Schedule", by_deployment)
    api.ok("Deployment", {"name": "a"})
    emulator.settings.unknown_deployment_in_schedule = "refuse"
    api.ok("Schedule", by_deployment)
    emulator.settings.missing_start_item = "refuse"
    assert api.post("Schedule", by_deployment).status_code == 400
    api.ok("Schedule", {**by_deployment, "archiveStartItem": "load.wf"})


def test_schedule_names(api, emulator):
    api.ok("Schedule", SCHEDULE)
    api.ok("Schedule", SCHEDULE)
    emulator.settings.duplicate_schedule_name = "refuse"
    assert api.post("Schedule", SCHEDULE).status_code == 400
    assert len(emulator.state()["schedules"]) == 2


def test_schedule_list_summary(api, emulator):
    emulator.reset(schedule_list="summary")
    api.login()
    api.ok("Schedule", SCHEDULE)
    assert set(api.get("Schedules").json()[0]) == {"id", "name", "isActive", "updateDtTm"}
    assert api.get("Schedule/1").json()["schedule"] == DAILY


def test_frequencies(api, emulator):
    no_frequency = {name: value for name, value in SCHEDULE.items() if name != "schedule"}
    api.ok("Schedule", no_frequency)
    assert api.post("Schedule", {**SCHEDULE, "schedule": {"typeName": ""}}).status_code == 400
    api.ok("Schedule", {**SCHEDULE, "schedule": {"typeName": "Any.Type"}})
    emulator.settings.missing_frequency = "refuse"
    emulator.settings.schedule_types = "documented"
    assert api.post("Schedule", no_frequency).status_code == 400
    assert api.post("Schedule", {**SCHEDULE, "schedule": {"typeName": "Any.Type"}}).status_code == 400
    api.ok("Schedule", SCHEDULE)


def test_put_returns_the_stored_object(emulator):
    first = emulator.put("deployment", {"Name": "a", "futureField": 1})
    assert (first["id"], first["name"], first["futureField"]) == (1, "a", 1)
    second = emulator.put("deployment", {"id": 1, "comment": "c"})
    assert second["updateDtTm"] > first["updateDtTm"] and second["name"] == "a"
    assert emulator.put("deployment", {"id": 40, "name": "b"})["id"] == 40
    assert emulator.put("schedule", {"name": "s"})["id"] == 1
    assert emulator.put("config", {"serverDbInfo": {"user": "x"}})["serverDbInfo"]["password"] == "initial-secret"
    assert emulator.put("cluster", {"mailSetup": {"host": "mx"}})["mailSetup"] == {"host": "mx"}
    with pytest.raises(ValueError, match="deployment"):
        emulator.put("job", {})


def test_ids_are_never_used_again(api, emulator):
    emulator.put("deployment", {"id": 40, "name": "b"})
    api.ok("Deployment", {"name": "a"})
    assert [item["id"] for item in emulator.state()["deployments"]] == [40, 41]


def test_timestamps_read_and_write():
    text = "2022-09-06T04:53:46.2573662-07:00"
    assert timestamps.to_text(timestamps.to_ticks(text)) == text
    assert timestamps.to_ticks("1970-01-01T00:00:00.0000001Z") == 1
    for wrong in ("", "2022-09-06", "2022-13-06T04:53:46Z", "2022-09-06T04:53:46.Z", "x" * 30):
        with pytest.raises(ValueError):
            timestamps.to_ticks(wrong)


def test_the_offset_of_a_start_time(api, emulator):
    start = {**DAILY["dailyScheduleBase"], "startTime": "2026-12-01T00:30:00.0000000+01:00"}
    for variant, expected in (("as_sent", start["startTime"]), ("server", "2026-11-30T16:30:00.0000000-07:00")):
        emulator.settings.start_time_offset = variant
        api.ok("Schedule", {**SCHEDULE, "name": variant, "schedule": {**DAILY, "dailyScheduleBase": start}})
        found = api.get("Schedules").json()[-1]["schedule"]["dailyScheduleBase"]["startTime"]
        assert found == expected
