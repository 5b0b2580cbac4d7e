from __future__ import annotations

import json
import re

import pytest

from ansible_collections.astera.data_stack.plugins.module_utils._data.paths import MISSING
from ansible_collections.astera.data_stack.plugins.module_utils._engine.field import Field
from ansible_collections.astera.data_stack.plugins.module_utils._http.local_file import local_file, uploaded_name
from ansible_collections.astera.data_stack.plugins.module_utils._redaction.redactor import Redactor
from ansible_collections.astera.data_stack.plugins.module_utils._server.serialize import (
    A_SECRET,
    PARTIAL_LIST,
    SERVERS_OWN,
    ExportContext,
    Location,
    identifier,
    name_secrets,
    places,
    secret_placeholder,
)

LOCATION = Location("astera_cluster", None, ("cluster",))
ENTRY = Location("astera_deployments", "Orders", ("deployment", "Orders"))
SHA = "0123456789abcdef" * 4


def plain(exported):
    return json.loads(json.dumps(exported, default=str))


@pytest.mark.parametrize(
    ("text", "expected"),
    [("mailSetup", "mail_setup"), ("Größe (2)", "groe_2"), ("日本", ""), ("APIKey", "apikey"), ("{{ x }}", "x")],
)
def test_identifiers(text, expected):
    assert identifier(text) == expected


def variables(*words):
    """The variables for secrets under these words, made in one export."""
    made = list(map(secret_placeholder, words))
    name_secrets(made)
    return [one.variable for one in made]


def test_names_of_secrets_that_would_be_the_same_tell_what_they_stand_for():
    """In whatever order: or else the secret of one would become that of another."""
    blank, dash = ("schedule", "A b", "password"), ("schedule", "a-b", "password")
    assert variables(blank) == ["vault_astera_schedule_a_b_password"]
    two = variables(blank, dash)
    assert all(re.fullmatch("vault_astera_schedule_a_b_password_[0-9a-f]{8}", name) for name in two)
    assert len(set(two)) == 2
    assert variables(dash, blank) == two[::-1]
    # Two exports may have one of these each, and nobody would notice.
    assert variables(("schedule", "Заказы", "password")) != variables(("schedule", "Отчёты", "password"))


def test_fields_without_an_option():
    fields = [Field("name", "name"), Field("folder", "folder.path")]
    obj = {
        "Id": 1,
        "NAME": "x",
        "updateDtTm": "s",
        "Folder": {"Path": "C", "share": "S", "password": "p"},
        "tags": [1, {"a": "t"}],
        "nothing": None,
        "empty": {},
    }
    extras = ExportContext(Redactor()).extras(LOCATION, fields, obj)
    assert plain(extras) == {
        "extra_fields": {"Folder": {"share": "S"}, "empty": {}, "tags": [1, {"a": "t"}]},
        "secret_extra_fields": {"Folder": {"password": "{{ vault_astera_cluster_folder_password }}"}},
    }
    assert [path for path, _one in places(extras)] == [("secret_extra_fields", "Folder", "password")]


def test_empty_texts_in_lists():
    """What a new object has by itself is left out, what it would be given otherwise is not."""
    fields = [Field("a", "a"), Field("b", "b", create=""), Field("trace", "trace", create="Job")]
    for nothing in ({}, {"a": None, "b": None, "trace": None}, {"a": "", "b": "", "trace": ""}):
        assert ExportContext(Redactor()).options(ENTRY, fields, nothing) == {"trace": ""}
    assert ExportContext(Redactor()).options(LOCATION, fields, {"a": "", "b": None}) == {"a": ""}


@pytest.mark.parametrize("name", ["", " ", None, 5])
def test_names_that_cannot_be_used(name):
    context = ExportContext(Redactor())
    assert context.named("astera_deployments", "deployment", [{"name": name}]) == []
    assert len(context.notes) == 1


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("Server=a;Password=b", True),
        ("https://joe:pw@host/", True),
        ("-----BEGIN PRIVATE KEY-----", True),
        ("Authorization: Bearer abcdefghijk", True),
        ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", True),
        ("my own secret", True),
        ("Basic settings", False),
        ("https://host:8080/a@b", False),
        ("the password is in the vault", False),
        (r"C:\Staging", False),
    ],
)
def test_texts_that_hold_a_secret(text, is_one):
    exported = ExportContext(Redactor(["own secret"])).export_value(LOCATION, ("pin",), text)
    assert (plain(exported) == "{{ vault_astera_cluster_pin }}") == is_one
    assert is_one or exported == text


@pytest.mark.parametrize(
    "text",
    ["Server=a;Password=********", "pwd='***'", "ftp://joe:****@host/", "Authorization: Bearer ********"],
)
def test_a_mask_within_a_text(text):
    """As data it would be written to another server, asterisks and all."""
    context = ExportContext(Redactor())
    assert context.export_value(LOCATION, ("audit",), text) is MISSING
    assert [(note["member"], note["reason"]) for note in context.notes] == [("audit", A_SECRET)]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ([{"id": 5, "mail": "a@b"}], None),
        ([{"id": 5}], None),
        ([{"mail": "a", "at": [{"ownerId": 3, "x": 1}]}], None),
        ([{"on": "2026-12-24T00:00:00Z"}], None),
        ([{"host": "a", "pwd": "hunter2"}, {"host": "b"}], None),
        ([{"name": "dbPassword", "value": "hunter2"}], None),
        (["a", "token=hunter2"], None),
        ([{"mail": "a@b", "n": None}, {}], [{"mail": "a@b", "n": None}, {}]),
        ({"inner": [{"id": 5}], "x": 1}, {"x": 1}),
    ],
)
def test_a_list_is_exported_whole_or_not_at_all(value, shown):
    """It is written whole: without the ids of its items a later write would take them away."""
    context = ExportContext(Redactor())
    assert context.export_value(LOCATION, ("notify",), value) == (MISSING if shown is None else shown)
    assert any(note["reason"] == PARTIAL_LIST for note in context.notes) == (shown != value)
    assert "hunter2" not in str(context.notes)


GUID = "0f8fad5b-d9cb-469f-a165-70867728950e"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ({"id": "W. Europe Standard Time", "x": 1}, {"id": "W. Europe Standard Time", "x": 1}),
        ({"Id": {"scheme": "ours"}}, {"Id": {"scheme": "ours"}}),
        ({"id": 5, "guid": GUID, "Uid": "{" + GUID + "}", "x": 1}, {"x": 1}),
        ({"id": "17", "changedDtTm": "then", "x": 1}, {"x": 1}),
        ({"nodeIds": [GUID, GUID], "createdUser": "me", "creationTime": "12/31/2024 10:00", "x": 1}, {"x": 1}),
        ({"names": ["a", GUID], "creation": "slow"}, {"names": ["a", GUID], "creation": "slow"}),
    ],
)
def test_what_is_called_id_is_left_out_when_it_is_one(value, shown):
    context = ExportContext(Redactor())
    assert context.export_value(LOCATION, ("zone",), value) == shown
    assert {note["member"] for note in context.notes} == {f"zone.{name}" for name in value.keys() - shown.keys()}
    assert all(note["reason"] == SERVERS_OWN for note in context.notes)


def test_a_frequency_is_as_the_server_shows_it():
    frequency = {
        "timeZone": {"id": "UTC", "guid": GUID},
        "days": [{"id": 1, "calendarId": 7, "at": "2026-01-01T00:00:00Z", "updateDtTm": "x"}],
    }
    context = ExportContext(Redactor())
    assert context.export_value(LOCATION, ("schedule",), frequency, raw=True) == frequency
    assert context.notes == []


def test_the_value_beside_a_name_that_looks_secret():
    pair = {"parameterName": "dbPassword", "value": "hunter2"}
    extras = ExportContext(Redactor()).extras(LOCATION, [], {"parameter": pair})
    assert plain(extras) == {
        "extra_fields": {"parameter": {"parameterName": "dbPassword"}},
        "secret_extra_fields": {"parameter": {"value": "{{ vault_astera_cluster_parameter_value }}"}},
    }


SECRET_NAME = "Load from ftp://bob:hunter2@ftp.example.com"


@pytest.mark.parametrize("names", [[SECRET_NAME], [SECRET_NAME, SECRET_NAME]])
def test_a_name_that_contains_a_secret_is_redacted(names):
    context = ExportContext(Redactor())
    items = [{"id": 7 + number, "name": name} for number, name in enumerate(names)]
    assert context.named("astera_schedules", "schedule", items) == []
    assert "hunter2" not in str(context.notes)
    assert "'id 7'" in str(context.notes)


def test_a_field_name_that_contains_a_secret_is_redacted():
    context = ExportContext(Redactor())
    assert context.extras(LOCATION, [], {"links": {SECRET_NAME: True, "x": 1}}) == {"extra_fields": {"links": {"x": 1}}}
    assert [note["member"] for note in context.notes] == ["links.********"]


def test_the_file_of_an_upload_is_recognised(tmp_path):
    path = tmp_path / "Orders 4.2 (final).car"
    path.write_bytes(b"content")
    first = local_file(str(path), "Car", "archive")
    stored = "C:\\Deployment\\" + first.file_name
    assert uploaded_name(stored, "Car") == (first.file_name, first.sha256)
    copy = path.rename(tmp_path / first.file_name)
    # Uploaded again from the name that it had on the server, it gets that very name.
    assert local_file(str(copy), "Car", "archive").file_name == first.file_name


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (f"orders-{SHA}.car", f"orders-{SHA}.car"),
        (f"orders-{SHA.upper()}.CAR", f"orders-{SHA}.car"),
        (f"orders-{SHA}-1a2b3c4d.car", f"orders-{SHA}.car"),
        (f"orders-{SHA}", f"orders-{SHA}.car"),
        (f"or ders-{SHA}.car", None),
        (f"{SHA}.car", None),
        (f"orders-{SHA}f.car", None),
        ("orders.car", None),
        ("", None),
    ],
)
def test_names_with_a_digest(name, expected):
    found = uploaded_name("C:\\Deployment\\" + name, "Car")
    assert found == (expected and (expected, SHA))
