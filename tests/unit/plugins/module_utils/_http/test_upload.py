from __future__ import annotations

import hashlib

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ansible_collections.astera.data_stack.plugins.module_utils._errors import AsteraError
from ansible_collections.astera.data_stack.plugins.module_utils._http.local_file import (
    LocalFile,
    local_file,
    windows_name,
)
from ansible_collections.astera.data_stack.plugins.module_utils._http.upload import MultipartFile


@given(content=st.binary(min_size=1, max_size=300))
def test_a_body_is_the_same_in_each_attempt(tmp_path, content):
    # Such an archive is rejected. Hypothesis finds the constant in the source.
    assume(not content.startswith(b"$ANSIBLE_VAULT;"))
    path = tmp_path / "a.car"
    path.write_bytes(content)
    body = MultipartFile(local_file(str(path), "Car", "archive"), print)
    whole = b"".join(body)
    assert len(whole) == len(body)
    assert b"".join(body) == whole
    head, _blank, rest = whole.partition(b"\r\n\r\n")
    assert b'name="ArchiveFile"; filename="a-' in head
    assert rest.startswith(content)


def test_a_file_that_changes_is_noticed(tmp_path):
    path = tmp_path / "a.car"
    path.write_bytes(b"first")
    file = local_file(str(path), "Car", "archive")
    sent = []
    for content in (b"other", b"x", b"longer"):
        path.write_bytes(content)
        with pytest.raises(AsteraError, match="changed after its digest was taken"):
            sent.extend(MultipartFile(file, print))
    assert not any(block.endswith(b"--\r\n") for block in sent)
    path.unlink()
    with pytest.raises(AsteraError, match="can no longer be read"):
        list(MultipartFile(file, print))


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("orders.car", "orders"),
        ("../../etc/passwd.car", "passwd"),
        ("Bestellungen größer (2).car", "Bestellungen_gr_er_2"),
        ("....car", "car"),
        ("x" * 200 + ".car", "x" * 60),
        ("注文.car", "file"),
    ],
)
def test_upload_names(name, stem):
    file = LocalFile(name, "Car", "0" * 64, 1, version=())
    assert file.target.rstrip("0").rstrip("-").rstrip("_") == stem.rstrip("_")
    assert set(file.target) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")


def test_recognising_a_stored_file(tmp_path):
    path = tmp_path / "a.car"
    path.write_bytes(b"x")
    file = local_file(str(path), "Car", "archive")
    assert file.sha256 == hashlib.sha256(b"x").hexdigest()
    assert file.is_stored_as(f"C:\\Deployment\\B-{file.sha256.upper()}(1).CAR")
    assert not file.is_stored_as(f"C:\\{file.sha256}\\other.car")
    assert not file.is_stored_as(None)
    assert windows_name(r"C:\a/b.car") == "b.car"


@pytest.mark.parametrize(
    ("name", "stem"),
    [("CON.x.car", "_CON.x"), ("nul..car", "nul"), ("com1.a.car", "_com1.a"), ("-rf.car", "rf"), ("a..b.car", "a_b")],
)
def test_upload_names_that_windows_or_a_shell_would_take_for_something_else(name, stem):
    assert LocalFile(name, "Car", "0" * 64, 1, version=()).target == f"{stem}-{'0' * 64}"


VAULT = b"$ANSIBLE_VAULT;1.1;AES256\n3031\n"


def test_a_configuration_of_ansible_vault_is_sent_decrypted(tmp_path):
    path = tmp_path / "prod.cfg"
    path.write_bytes(VAULT)
    file = local_file(str(path), "Cfg", "config", lambda _path: b"Secret=1\n")
    assert (file.sha256, file.size) == (hashlib.sha256(b"Secret=1\n").hexdigest(), 9)
    body = MultipartFile(file, print)
    sent = b"".join(body)
    assert b"Secret=1" in sent
    assert VAULT not in sent
    assert len(sent) == len(body)


def wrong_password(_path):
    raise ValueError("no vault secrets were found")


@pytest.mark.parametrize(
    ("kind", "decrypt", "message"),
    [
        ("Car", lambda _path: b"x", "is not decrypted here. Only a configuration is"),
        ("Cfg", None, "is not decrypted here. .* a task that runs on the controller"),
        ("Cfg", wrong_password, "no vault secrets were found"),
        ("Cfg", lambda _path: b"", "is empty"),
    ],
)
def test_what_is_encrypted_is_never_sent_as_it_is(tmp_path, kind, decrypt, message):
    path = tmp_path / "a.bin"
    path.write_bytes(VAULT)
    with pytest.raises(AsteraError, match=message):
        local_file(str(path), kind, "config", decrypt)
