"""Where a redirect may lead, address by address."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.astera.data_stack.plugins.module_utils._errors import AsteraError
from ansible_collections.astera.data_stack.plugins.module_utils._http.redirects import path_after

URL = "https://etl01.example.com:9261/api/Cluster?a=1"


def after(location, url=URL, method="GET", status=307):
    # Headers arrive as Latin-1, whatever their bytes mean.
    return path_after(method, url, status, location.encode().decode("latin-1"))


@pytest.mark.parametrize(
    ("location", "path"),
    [
        ("/API/CLUSTER", "/API/CLUSTER"),
        ("Other", "/api/Other"),
        ("../login?next=%2F", "/login?next=%2F"),
        ("?page=2", "/api/Cluster?page=2"),
        ("", "/api/Cluster?a=1"),
        ("#top", "/api/Cluster?a=1"),
        ("https://etl01.example.com:9261", "/"),
        ("https://ETL01.EXAMPLE.COM:9261/x", "/x"),
        ("HTTPS://etl01.example.com:9261/x#y", "/x"),
        ("//etl01.example.com:9261/x", "/x"),
        ("///evil.example.com/x", "/evil.example.com/x"),
        ("https:///evil.example.com/x", "/evil.example.com/x"),
        ("/Aufträge", "/Aufträge"),
    ],
)
def test_another_path_of_the_origin(location, path):
    assert after(location) == path


@pytest.mark.parametrize(
    ("url", "location"),
    [
        ("https://etl01:443/x", "https://etl01/y"),
        ("https://etl01/x", "https://etl01:443/y"),
        ("http://etl01:80/x", "http://etl01/y"),
        ("https://[::1]:9261/x", "https://[::1]:9261/y"),
        ("https://[::1]:443/x", "//[::1]/y"),
    ],
)
def test_ports_by_default_and_ipv6(url, location):
    assert after(location, url) == "/y"


@pytest.mark.parametrize(
    "location",
    [
        "http://etl01.example.com:9261/x",
        "ftp://etl01.example.com:9261/x",
        "javascript:alert(1)",
        "https://etl01.example.com/x",
        "https://etl01.example.com:9260/x",
        "https://etl01.example.com.:9261/x",
        "https://evil.example.com:9261/x",
        "//evil.example.com/x",
        "https://xn--etl01-.example.com:9261/x",
    ],
)
def test_another_origin(location):
    with pytest.raises(AsteraError) as caught:
        after(location)
    assert caught.value.kind == "connection"
    assert "another origin" in caught.value.message
    assert "set server_url" in caught.value.hint


@pytest.mark.parametrize(
    "location",
    [
        "https://etl:canary@etl01.example.com:9261/x",
        "https://etl01.example.com:9261@evil.example.com/x",
        "https://evil.example.com\\@etl01.example.com:9261/x",
        "\\\\evil.example.com\\x",
        "/\\evil.example.com/x",
        "/\tx",
        "//evil\t.example.com/x",
        "/x\x00",
        "/a b",
        "https://[::1/x",
        "https://etl01.example.com:port/x",
        "https://etl01.example.com:99999/x",
    ],
)
def test_an_address_that_is_none(location):
    with pytest.raises(AsteraError) as caught:
        after(location)
    assert caught.value.kind == "server"
    assert "canary" not in str(caught.value)


def test_bytes_that_are_no_text():
    with pytest.raises(AsteraError):
        path_after("GET", URL, 302, "/\xff")


@pytest.mark.parametrize("status", [301, 302, 303])
def test_a_write_keeps_its_method_and_body_or_ends(status):
    with pytest.raises(AsteraError) as caught:
        after("/x", method="POST", status=status)
    assert caught.value.may_have_been_applied
    assert after("/x", method="GET", status=status) == "/x"


@pytest.mark.parametrize("status", [307, 308])
def test_a_write_that_is_to_be_sent_elsewhere(status):
    assert after("/x", method="POST", status=status) == "/x"
    with pytest.raises(AsteraError) as caught:
        after("https://evil.example.com", method="POST", status=status)
    assert not caught.value.may_have_been_applied


@given(st.text(alphabet="/\\:@?#.[]%ehtps01 \t-", max_size=30) | st.text(max_size=20))
def test_whatever_comes_only_a_path_follows(location):
    try:
        path = path_after("GET", URL, 302, location)
    except AsteraError:
        return
    parts = urlsplit("https://etl01.example.com:9261" + path)
    assert parts.netloc == "etl01.example.com:9261"
    assert path.startswith("/")
