from __future__ import annotations

import pytest

from ansible_collections.astera.data_stack.plugins.module_utils._exporting import Book, Place
from ansible_collections.astera.data_stack.plugins.module_utils._field import Field
from ansible_collections.astera.data_stack.plugins.module_utils._hidden import Hidden
from ansible_collections.astera.data_stack.plugins.module_utils._placeholders import SecretNames, identifier, places
from ansible_collections.astera.data_stack.plugins.module_utils._upload import local_file, uploaded_name

PLACE = Place("astera_cluster", None, ("cluster",))
ENTRY = Place("astera_deployments", "Orders", ("deployment", "Orders"))
SHA = "0123456789abcdef" * 4


@pytest.mark.parametrize(
    ("text", "expected"),
    [("mailSetup", "mail_setup"), ("Größe (2)", "groe_2"), ("日本", ""), ("APIKey", "apikey"), ("{{ x }}", "x")],
)
def test_identifiers(text, expected):
    assert identifier(text) == expected


def test_names_of_secrets_are_given_once():
    names = SecretNames()
    made = [names.placeholder(("schedule", word, "password")).variable for word in ("A b", "a-b", "日本", "中国")]
    assert made == [
        "vault_astera_schedule_a_b_password",
        "vault_astera_schedule_a_b_password_2",
        "vault_astera_schedule_password",
        "vault_astera_schedule_password_2",
    ]


def test_members_that_no_option_stands_for():
    fields = [Field("name", "name"), Field("folder", "folder.path")]
    obj = {
        "Id": 1,
        "NAME": "x",
        "updateDtTm": "s",
        "Folder": {"Path": "C", "share": "S", "password": "p"},
        "tags": [1, {"token": "t"}],
        "nothing": None,
        "empty": {},
    }
    extras = Book(Hidden()).extras(PLACE, fields, obj)
    assert extras == {
        "extra_fields": {"Folder": {"share": "S"}, "empty": {}},
        "secret_extra_fields": {
            "Folder": {"password": "{{ vault_astera_cluster_folder_password }}"},
            "tags": [1, {"token": "{{ vault_astera_cluster_tags_token }}"}],
        },
    }
    assert [path for path, _one in places(extras)] == [
        ("secret_extra_fields", "Folder", "password"),
        ("secret_extra_fields", "tags", 1, "token"),
    ]


@pytest.mark.parametrize("value", [{"a": 1}, [1], 5, "\ud800"])
def test_a_value_that_no_option_takes_is_left_out_and_told(value):
    book = Book(Hidden())
    assert book.options(PLACE, [Field("name", "name")], {"name": value}) == {}
    assert [note["member"] for note in book.notes] == ["name"]


def test_a_number_out_of_bounds_is_left_out_and_told():
    book = Book(Hidden())
    fields = [Field("days", "days", "int", minimum=0), Field("hours", "hours", "int")]
    assert book.options(PLACE, fields, {"days": -1, "hours": "7"}) == {"hours": 7}
    assert [note["member"] for note in book.notes] == ["days"]


def test_empty_texts_in_lists():
    """What a new object has by itself is left out, what it would be given otherwise is not."""
    fields = [Field("a", "a"), Field("b", "b", create=""), Field("trace", "trace", create="Job")]
    for nothing in ({}, {"a": None, "b": None, "trace": None}, {"a": "", "b": "", "trace": ""}):
        assert Book(Hidden()).options(ENTRY, fields, nothing) == {"trace": ""}
    assert Book(Hidden()).options(PLACE, fields, {"a": "", "b": None}) == {"a": ""}


@pytest.mark.parametrize("name", ["", " a", "a\nb", None, 5, "x" * 300])
def test_names_that_cannot_be_used(name):
    book = Book(Hidden())
    assert book.named("astera_deployments", "deployment", [{"name": name}]) == []
    assert len(book.notes) == 1


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
    told = Book(Hidden(["own secret"])).told(PLACE, ("member",), text)
    assert (told == "{{ vault_astera_cluster_member }}") == is_one


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
        (f"_con.x-{SHA}.car", f"_con.x-{SHA}.car"),
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
