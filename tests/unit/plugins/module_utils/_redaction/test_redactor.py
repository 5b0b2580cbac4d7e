# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Secrets in texts of the server, in every usual encoding."""

from __future__ import annotations

import base64
import html
import json
import time
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ansible_collections.astera.data_stack.plugins.module_utils._http.error_text import error_text
from ansible_collections.astera.data_stack.plugins.module_utils._redaction.names import MASK
from ansible_collections.astera.data_stack.plugins.module_utils._redaction.redactor import Redactor

#: Every kind of character that some encoding treats specially.
SECRET = 'Gr\u00fc\u00df e/"x\\y"\'<b>&am p;100%+\U0001f511~C4nary'


def base64_of(text, altchars=None):
    return base64.b64encode(text.encode(), altchars).decode()


def as_dotnet(text):
    """The default encoder of System.Text.Json."""
    return "".join(f"\\u{ord(c):04X}" if c in "\"'<>&+`" else json.dumps(c)[1:-1] for c in text)


ENCODINGS = {
    "as it is": str,
    "JSON": lambda text: json.dumps(text)[1:-1],
    "JSON, letters as they are": lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    "JSON, slashes escaped": lambda text: json.dumps(text)[1:-1].replace("/", "\\/"),
    "JSON, as .NET writes it": as_dotnet,
    "Python": lambda text: repr(f"{text} it's")[1:-6],
    "HTML": html.escape,
    "HTML, letters as numbers": lambda text: html.escape(text).encode("ascii", "xmlcharrefreplace").decode(),
    "HTML, hexadecimal": lambda text: "".join(c if c.isascii() else f"&#x{ord(c):X};" for c in html.escape(text)),
    "URL": lambda text: quote(text, safe=""),
    "path of a URL": quote,
    "URL, lower case": lambda text: quote(text, safe="").lower(),
    "form": quote_plus,
    "capitals": lambda text: "".join(c.upper() if len(c.upper()) == 1 else c for c in text),
    "base64": base64_of,
    "base64 for URLs": lambda text: base64_of(text, b"-_"),
    "base64 without padding": lambda text: base64_of(text).rstrip("="),
    "base64, second place": lambda text: base64_of(f"x{text}"),
    "base64, third place": lambda text: base64_of(f"xy{text}"),
    "base64, 16 bits": lambda text: base64.b64encode(text.encode("utf-16-le")).decode(),
    "Basic header": lambda text: "Basic " + base64_of(f"admin:{text}"),
}


SECRETS = [SECRET, "pl4in-secret", "two words", "x\ny\nz12", "a b"]
#: The base64 of a very short one is not recognised.
WRITINGS = [
    (name, secret)
    for name in ENCODINGS
    for secret in SECRETS
    if len(secret) > 5 or not ("base64" in name or "Basic" in name)
]


@pytest.mark.parametrize(("encoding", "secret"), WRITINGS)
def test_a_secret_is_redacted_in_every_encoding(encoding, secret):
    redactor = Redactor([secret])
    shown = ENCODINGS[encoding](secret)
    assert shown not in redactor.redact_text(f"before {shown} after")
    redacted = redactor.redact_text(f"before {shown}, after")
    assert redacted.startswith("before ")
    assert redacted.endswith(", after")
    assert MASK in redacted
    for piece in ("4nary", "pl4in", "words"):
        assert piece not in redacted.lower()


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@given(
    secret=st.text(st.characters(exclude_categories=["Cs"]), min_size=6, max_size=20).filter(
        lambda text: text == text.strip()
    ),
    # Capitals do not always come back as the same letters.
    encoding=st.sampled_from([name for name in ENCODINGS if name != "capitals"]),
    before=TEXTS,
    after=TEXTS,
)
@example("100%25 off", "URL", "", "")
@example("a&amp;b\\n", "JSON", "", "")
@example("\u0391\u0391\u0391\u0391\u0391\u03a3", "as it is", "", "x")
def test_no_encoding_of_a_secret_survives(secret, encoding, before, after):
    shown = ENCODINGS[encoding](secret)
    redacted = Redactor([secret]).redact_text(f"{before}{shown}{after}")
    assert MASK in redacted
    # A secret may read like a part of the mask.
    assert shown not in redacted.replace(MASK, "\0")


@given(TEXTS)
def test_a_text_without_secrets_stays_as_it_is(text):
    assert Redactor(["no-such-secret"]).redact_text(text) == text


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("key 'canary-4711-lo...' is bad", f"key '{MASK}...' is bad"),
        ("key 'canary-4711-lo'... is bad", f"key '{MASK}'... is bad"),
        ("key 'canary-4711-lo\u2026' is bad", f"key '{MASK}\u2026' is bad"),
        ("no such key: canary-4", f"no such key: {MASK}"),
        ("no such key: Canary-47.", f"no such key: {MASK}."),
        ('{"key": "canary-471"}', f'{{"key": "{MASK}"}}'),
        ("canary-4711-long-kez", "canary-4711-long-kez"),
        ("canary-4711 is bad", "canary-4711 is bad"),
        ("canary-", "canary-"),
    ],
)
def test_the_beginning_of_a_secret_where_the_text_breaks_off(text, redacted):
    assert Redactor(["canary-4711-long-key"]).redact_text(text) == redacted


def test_the_sentences_of_an_error_are_redacted_one_by_one():
    """A secret that is cut off at the end of a sentence stands in the middle of all of them."""
    redactor = Redactor(["canary-4711-long-key"])
    body = json.dumps({"errors": {"Key": ["too long: canary-4711-lo"], "User": ["not found"]}})
    assert error_text(body, redactor.redact_text) == f"Key: too long: {MASK}; User: not found"


@pytest.mark.parametrize("secret", ["ab<cd>ef", "a</b>&amp;c", "<script>"])
def test_a_page_that_echoes_what_looks_like_a_tag(secret):
    redactor = Redactor([secret])
    for shown in (secret, html.escape(secret)):
        assert error_text(f"<html><body>bad: {shown}!</body></html>", redactor.redact_text) == f"bad: {MASK}!"


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("Server=sql01;Password=geheim;User=x", f"Server=sql01;Password={MASK};User=x"),
        ("pwd = 'a b', x", f"pwd = {MASK}, x"),
        ('RefreshToken="x y"', f"RefreshToken={MASK}"),
        ("?token=abc&x=1", f"?token={MASK}&x=1"),
        ("Password: The field Password is required.", "Password: The field Password is required."),
    ],
)
def test_what_is_assigned_to_a_secret_name(text, redacted):
    assert Redactor().redact_text(text) == redacted


def test_short_secrets_are_no_words():
    redactor = Redactor(["1", "ab", 7, "", None, True])
    assert redactor.redact_text("Job 17 of ab is True") == "Job 17 of ab is True"
    assert redactor.redact({"id": "17"}) == {"id": "17"}


def test_secrets_within_others():
    assert Redactor(["secret", "secret-token-1"]).redact_text("a secret-token-1, secrets") == f"a {MASK}, {MASK}s"
    assert Redactor(["secret", "secret-token-1"]).redact(["secret-token-1!"]) == [f"{MASK}!"]


def test_secrets_that_overlap():
    assert Redactor(["one-two-", "two-three", "two"]).redact_text("one-two-three, two") == f"{MASK}, {MASK}"
    assert Redactor(["aaaa"]).redact_text("aaaaaa b") == f"{MASK} b"


def test_blanks_around_a_secret():
    """A header has none, and a server may drop them; a secret of blanks alone would redact every text."""
    redactor = Redactor([" from-a-file\n", "    "])
    assert redactor.redact_text("bad: from-a-file    .") == f"bad: {MASK}    ."
    assert redactor.redact({"x": "from-a-file    "}) == {"x": f"{MASK}    "}


def test_values_of_every_form():
    redactor = Redactor([{"a": ["first-one", 4711, {"b": "second"}]}])
    assert redactor.redact({"x": ["first-one", ("second",), 4711, None, True], "n": "a47112"}) == {
        "x": [MASK, [MASK], 4711, None, True],
        "n": f"a{MASK}2",
    }

    assert redactor.redact_deep({"first-one": ["SECOND", 1, None]}) == {MASK: [MASK, 1, None]}


@pytest.mark.parametrize(
    "text",
    [
        "x" * 300_000,
        "%41" * 100_000,
        "\\u0041" * 50_000,
        "cana" * 100_000,
        ")" * 300_000,
        "&amp;" * 60_000,
        " \n" * 99_999,
    ],
)
def test_large_texts_take_no_time(text):
    started = time.process_time()
    Redactor([f"canary-{number}-{'x' * 400}" for number in range(5)]).redact_text(text)
    assert time.process_time() - started < 5


def test_sentences_are_redacted_in_every_encoding():
    """Elsewhere in a result, letter by letter: names and paths are handed on to other tasks."""
    secret = "Se\"c'ret\\Pass"
    redactor = Redactor([secret])
    result = {
        "msg": f"it is {secret!r}",
        "results": [{"error": {"message": "Se%22c%27ret%5CPass", "hint": "Se%22c%27ret%5CPass"}, "name": "se%22c"}],
    }
    assert redactor.redact(result) == {
        "msg": f"it is '{MASK}'",
        "results": [{"error": {"message": MASK, "hint": MASK}, "name": "se%22c"}],
    }


def test_what_the_server_shows_is_redacted_in_its_texts_only():
    redactor = Redactor()
    redactor.add_from_server("Windows", "********")
    assert redactor.redact({"path": r"C:\Windows\Temp", "msg": "for Windows"}) == {
        "path": r"C:\Windows\Temp",
        "msg": f"for {MASK}",
    }
    assert redactor.redact_text("******** is no secret") == "******** is no secret"


def test_a_secret_that_reads_like_a_number_redacts_no_number():
    """Ids, times, counts and statuses stay what they are, whatever the password is."""
    shown = {"id": 103, "start_time": "2026-10-31T10:31:03Z", "status": "103", "table": ["North 103 Completed 1.03"]}
    redactor = Redactor(["103", "1.03", "2026"])
    assert redactor.redact(shown) == shown
    assert redactor.redact({"comment": "103", "text": "pin=103", "msg": "job 103 took 1.03 s"}) == {
        "comment": MASK,
        "text": f"pin={MASK}",
        "msg": "job 103 took 1.03 s",
    }
    assert redactor.redact_text("not 103") == f"not {MASK}"
    assert Redactor(["8154711"]).redact({"msg": "ended after 8154711"}) == {"msg": f"ended after {MASK}"}
