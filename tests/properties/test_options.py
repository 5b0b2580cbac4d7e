"""Addresses, files, names and state files: whatever somebody gives is used safely or rejected as an input error."""

from __future__ import annotations

import email
import json
import os
import re
from urllib.parse import urlsplit

from hypothesis import strategies as st

from ansible_collections.astera.data_stack.plugins.module_utils._http.connection import connection_from
from ansible_collections.astera.data_stack.plugins.module_utils._http.local_file import LocalFile, local_file
from ansible_collections.astera.data_stack.plugins.module_utils._http.upload import MultipartFile
from ansible_collections.astera.data_stack.plugins.module_utils._resources.job.parameters import all_parameters
from ansible_collections.astera.data_stack.plugins.module_utils._resources.license.state_file import StateFile
from ansible_collections.astera.data_stack.tests.properties.profiles import prop, tried
from ansible_collections.astera.data_stack.tests.properties.values import ANY_TEXT, FLOATS, JSON, TEXT

SECRET = "canary"
CONNECTION = {"validate_certs": True, "request_timeout": 30.0, "retries": 4, "token": "a.b.c"}
PIECES = st.sampled_from(
    [
        *("https:", "HTTPS:", "http:", "//", "/", "\\", "?", "#", "@", ":", "[", "]", "..", " ", "\n", "\x00", "%40"),
        *(f"admin:{SECRET}@", f"{SECRET}@", "etl01", "[::1]", "[fe80::1%25e]", "9261", "99999", "0", "-1", "a" * 300),
        # Characters that become others when a host is made plain.
        *("\u2100", "\u2170", "\u4f8b"),
    ]
)
URLS = st.lists(PIECES, max_size=8).map("".join) | ANY_TEXT.map(lambda text: f"https://{text}") | ANY_TEXT


@prop(500, url=URLS)
def test_an_address_is_an_origin_or_rejected(url):
    """What follows the host is never dropped in silence, and credentials in it never show up in the error."""
    connection, error = tried(connection_from, {**CONNECTION, "server_url": url})
    if error is not None:
        assert error.kind == "input"
        assert SECRET not in json.dumps(error.to_result())
        return
    origin = connection.server_url
    parts = urlsplit(origin)
    assert parts.scheme == "https"
    assert parts.hostname
    assert parts.port is not None
    assert (parts.path, parts.query, parts.fragment) == ("", "", "")
    assert parts.username is None
    assert not re.search(r"[\s\\@/?#<>\"\x00-\x20\x7f]", origin.removeprefix("https://"))
    assert SECRET not in origin
    assert connection_from({**CONNECTION, "server_url": origin}).server_url == origin


@prop(200, token=ANY_TEXT, timeout=st.sampled_from([*FLOATS, 5.0]), retries=st.integers(-2, 2**40))
def test_other_connection_options(token, timeout, retries):
    options = {**CONNECTION, "server_url": "https://etl01", "request_timeout": timeout, "retries": retries}
    connection, error = tried(connection_from, {**options, "token": token or None, "username": "a", "password": "b"})
    if error is not None:
        assert error.kind == "input"
        return
    assert connection.token is None or re.fullmatch(r"[!-~]+", connection.token)
    assert 0 < connection.request_timeout <= 86400


STEMS = st.lists(
    st.sampled_from(
        [
            "CON",
            "nul",
            "Com1",
            "LPT9",
            "aux",
            "prn",
            "..",
            ".",
            "-",
            " ",
            "x",
            "\\",
            '"',
            "\r\n",
            "ä",
            "注",
            "C:",
            "~",
            "x" * 70,
        ]
    ),
    min_size=1,
    max_size=5,
).map("".join)
RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9]|conin\$|conout\$)(\.|$)", re.IGNORECASE)


@prop(
    500, name=(STEMS | TEXT | ANY_TEXT).map(lambda name: name.replace("\x00", "")), kind=st.sampled_from(["Car", "Cfg"])
)
def test_the_name_of_an_upload_is_a_plain_file_name(name, kind):
    """No folder, no drive, no device, nothing that a header, a query or a shell would take for more than a name."""
    file = LocalFile(f"/folder/{name}.car", kind, "0123456789abcdef" * 4, 1, version=())
    for target in (file.target, file.file_name):
        assert re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9._-]*[A-Za-z0-9]", target)
        assert not RESERVED.match(target)
        assert ".." not in target
    assert len(file.file_name) <= 130
    assert file.is_stored_as(f"C:\\Deployment\\{file.file_name}")


@prop(60, name=STEMS, content=st.binary(min_size=1, max_size=300))
def test_the_header_of_an_upload_is_not_broken_by_a_name(tmp_path, name, content):
    path = tmp_path / (name.replace("/", "").replace("\\", "")[:100] + ".car")
    path.write_bytes(content)
    file = local_file(str(path), "Car", "archive")
    body = MultipartFile(file, lambda sent: None)
    whole = b"".join(body)
    message = email.message_from_bytes(f"Content-Type: {body.content_type}\r\n\r\n".encode() + whole)
    (part,) = message.get_payload()
    assert part.get_filename() == file.file_name
    assert part.get_param("name", header="content-disposition") == "ArchiveFile"
    assert len(whole) == len(body)
    path.unlink()


@prop(
    150, path=ANY_TEXT | st.sampled_from(["", "/", ".", "~", "/dev/zero", "/dev/null", "a\x00b", "x" * 5000, "\udcff"])
)
def test_any_path_is_a_file_or_rejected(tmp_path, path):
    for source in (path, f"{tmp_path}/{path}"):
        file, error = tried(local_file, source, "Car", "archive")
        if error is not None:
            assert error.kind == "input"
        else:
            assert os.path.isfile(os.path.expanduser(source))  # noqa: PTH111, PTH113
            assert file.size > 0


CONTENTS = st.one_of(
    JSON.map(json.dumps),
    ANY_TEXT,
    st.fixed_dictionaries(
        {},
        optional={
            "server": JSON,
            "salt": st.sampled_from(["00", "zz", "é"]) | JSON,
            "digest": st.sampled_from(["", "é", "\ud800"]) | JSON,
            "state": st.just({}) | JSON,
        },
    ).map(json.dumps),
    st.sampled_from(["[" * 60_000, '{"a":' * 200_000, "\x00" * 100, "{}" + " " * 100_000]),
)


@prop(200, content=CONTENTS, identity=st.lists(ANY_TEXT, min_size=1, max_size=3))
def test_any_file_is_a_state_file_or_none(fast, tmp_path, content, identity):
    path = tmp_path / "state.json"
    path.write_bytes(content.encode("utf-8", "surrogatepass"))
    file, error = tried(StateFile, str(path), identity)
    if error is not None:
        assert error.kind == "input"
        return
    assert file.read() == {}
    file.write(registered=True)
    assert StateFile(str(path), identity).read() == {"registered": True}
    assert StateFile(str(path), [*identity, "x"]).read() == {}


@prop(300, parameters=st.dictionaries(TEXT, st.dictionaries(TEXT, JSON, max_size=3) | JSON, max_size=3))
def test_parameters_of_a_job_are_texts(parameters):
    done, error = tried(all_parameters, parameters, {})
    if error is not None:
        assert error.kind == "input"
        return
    for entry in done[0]:
        assert set(entry) == {"ActionName", "ParameterName", "Value"}
        assert all(isinstance(value, str) for value in entry.values())
