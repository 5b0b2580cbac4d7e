# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Secrets in what a server says, however it writes them."""

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
    """The strict encoder of System.Text.Json."""
    return "".join(c if c.isascii() and c not in "\"'<>&+`\\" else "".join(escaped(c)) for c in text)


def escaped(text):
    return [f"\\u{unit:04X}" for unit in utf16(text)]


ENCODINGS = {
    "as it is": str,
    "JSON": lambda text: json.dumps(text)[1:-1],
    "JSON, letters as they are": lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    "JSON, slashes escaped": lambda text: json.dumps(text)[1:-1].replace("/", "\\/"),
    "JSON, odd ones escaped": as_dotnet,
    "JSON, all escaped": lambda text: "".join(escaped(text)),
    "HTML": html.escape,
    "HTML, numbers": lambda text: "".join(f"&#{ord(c)};" if not c.isalnum() else c for c in text),
    "HTML, hexadecimal": lambda text: "".join(f"&#x{ord(c):X};" for c in text),
    "HTML, names": lambda text: html.escape(text).replace("\u00fc", "&uuml;").replace("\u00df", "&szlig;"),
    "URL": lambda text: quote(text, safe=""),
    "URL, small": lambda text: quote(text, safe="").replace("%C3%BC", "%c3%bc"),
    "form": quote_plus,
    "form within JSON": lambda text: json.dumps(quote_plus(text))[1:-1],
    "JSON within JSON": lambda text: json.dumps(json.dumps(text))[1:-1],
    "JSON within HTML": lambda text: html.escape(json.dumps(text)),
    "capitals": lambda text: "".join(c.upper() if len(c.upper()) == 1 else c for c in text),
    "more blanks": lambda text: text.replace(" ", " \n\t"),
    "base64": base64_of,
    "base64 for URLs": lambda text: base64_of(text, b"-_"),
    "base64 without padding": lambda text: base64_of(text).rstrip("="),
    "base64, 16 bits": lambda text: base64.b64encode(text.encode("utf-16-le")).decode(),
    "Basic header": lambda text: "Basic " + base64_of(f"admin:{text}"),
    "path of base64": lambda text: f"/x/{base64_of(text)}",
    "base64 within JSON": lambda text: json.dumps({"auth": base64_of(f"a:{text}")}).replace("/", "\\/"),
}


def utf16(text):
    data = text.encode("utf-16-be")
    return [data[at] * 256 + data[at + 1] for at in range(0, len(data), 2)]


SECRETS = [SECRET, "pl4in-secret", "  with blanks  ", "x\ny\nz12", "a b"]
#: Of a very short one too little is left within the letters of others.
WRITINGS = [
    (name, secret)
    for name in ENCODINGS
    for secret in SECRETS
    if len(secret) > 5 or not ("base64" in name or "Basic" in name)
]


@pytest.mark.parametrize(("encoding", "secret"), WRITINGS)
def test_a_secret_is_found_in_every_writing(encoding, secret):
    hidden = Redactor([secret])
    shown = ENCODINGS[encoding](secret)
    assert shown not in hidden.redact_text(f"before {shown} after")
    redact_fields = hidden.redact_text(f"before {shown}, after")
    assert redact_fields.startswith("before ")
    assert redact_fields.endswith(", after")
    assert MASK in redact_fields
    for piece in ("4nary", "pl4in", "blanks"):
        assert piece.lower() not in redact_fields.lower()


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@given(
    secret=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=6, max_size=20).filter(
        lambda text: text == " ".join(text.split()) and len(text) >= 6
    ),
    encoding=st.sampled_from([name for name in ENCODINGS if name not in ("capitals", "more blanks", "HTML, names")]),
    before=TEXTS,
    after=TEXTS,
)
@example("100%25 off", "URL", "", "")
@example("a&amp;b\\n", "JSON", "", "")
def test_no_writing_of_a_secret_survives(secret, encoding, before, after):
    shown = ENCODINGS[encoding](secret)
    redact_fields = Redactor([secret]).redact_text(f"{before} {shown} {after}")
    assert MASK in redact_fields
    # A mask may be found within the mask; nothing else of the writing is left in one piece.
    assert shown not in redact_fields.replace(MASK, "\0")


@given(TEXTS)
def test_a_text_without_secrets_stays_as_it_is(text):
    assert Redactor(["no-such-secret"]).redact_text(text) == text


@pytest.mark.parametrize(
    ("text", "redact_fields"),
    [
        ("key 'canary-4711-lo...' is bad", f"key '{MASK}...' is bad"),
        ("key 'canary-4711-lo\u2026' is bad", f"key '{MASK}\u2026' is bad"),
        ("no such key: canary-47", f"no such key: {MASK}"),
        ('{"key": "canary-471"}', f'{{"key": "{MASK}"}}'),
        ("canary-4711-long-kez", "canary-4711-long-kez"),
        ("can", "can"),
        ("Canary", "Canary"),
    ],
)
def test_a_secret_that_was_cut_off(text, redact_fields):
    assert Redactor(["canary-4711-long-key"]).redact_text(text) == redact_fields


def test_half_an_escape_at_the_end():
    hidden = Redactor(['canary"x"y'])
    for end in ("\\", "\\u", "\\u00", "%", "%2", "&", "&quo", "&#3"):
        assert hidden.redact_text(f"bad: canary{end}") == f"bad: {MASK}{end}"


def test_the_words_of_an_error_are_searched_one_by_one():
    """A secret that is cut off at the end of a sentence stands in the middle of all of them."""
    hidden = Redactor(["canary-4711-long-key"])
    body = json.dumps({"errors": {"Key": ["too long: canary-4711-lo"], "User": ["not found"]}})
    assert error_text(body, hidden.redact_text) == f"Key: too long: {MASK}; User: not found"


@pytest.mark.parametrize("secret", ["ab<cd>ef", "a</b>&amp;c", "<script>"])
def test_a_page_that_echoes_what_looks_like_a_tag(secret):
    hidden = Redactor([secret])
    for shown in (secret, html.escape(secret)):
        assert error_text(f"<html><body>bad: {shown}!</body></html>", hidden.redact_text) == f"bad: {MASK}!"


@pytest.mark.parametrize(
    ("text", "redact_fields"),
    [
        ("Server=sql01;Password=geheim;User=x", f"Server=sql01;Password={MASK};User=x"),
        ("pwd = 'a b', x", f"pwd = {MASK}, x"),
        ('RefreshToken="x y"', f"RefreshToken={MASK}"),
        ("?token=abc&x=1", f"?token={MASK}&x=1"),
        ("Password: The field Password is required.", "Password: The field Password is required."),
    ],
)
def test_what_is_assigned_to_a_secret_name(text, redact_fields):
    assert Redactor().redact_text(text) == redact_fields


def test_short_secrets_are_no_words():
    hidden = Redactor(["1", "ab", 7, "", None, True])
    assert hidden.redact_text("Job 17 of ab is True") == "Job 17 of ab is True"
    assert hidden.redact({"id": "17"}) == {"id": "17"}


def test_secrets_within_others():
    assert Redactor(["secret", "secret-token-1"]).redact_text("a secret-token-1, secrets") == f"a {MASK}, {MASK}s"
    assert Redactor(["secret", "secret-token-1"]).redact(["secret-token-1!"]) == [f"{MASK}!"]


def test_values_of_every_form():
    hidden = Redactor([{"a": ["first-one", 4711, {"b": "second"}]}])
    assert hidden.redact({"x": ["first-one", ("second",), 4711, None, True], "n": "a47112"}) == {
        "x": [MASK, [MASK], 4711, None, True],
        "n": f"a{MASK}2",
    }

    assert hidden.redact_deep({"first-one": ["SECOND", 1, None]}) == {MASK: [MASK, 1, None]}


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
def test_large_answers_take_no_time(text):
    started = time.monotonic()
    Redactor([f"canary-{number}-{'x' * 400}" for number in range(5)]).redact_text(text)
    assert time.monotonic() - started < 20


def test_sentences_are_searched_for_every_way_of_writing_a_secret():
    """Elsewhere in a result, letter by letter: names and paths are handed on to other tasks."""
    secret = "Se\"c'ret\\Pass"
    hidden = Redactor([secret])
    result = {
        "msg": f"it says {secret!r}",
        "results": [{"error": {"message": "Se%22c%27ret%5CPass"}, "name": "se%22c"}],
    }
    assert hidden.redact(result) == {
        "msg": f"it says '{MASK}'",
        "results": [{"error": {"message": MASK}, "name": "se%22c"}],
    }


def test_what_the_server_shows_is_looked_for_in_its_words_only():
    hidden = Redactor()
    hidden.add_from_server("Windows", "********")
    assert hidden.redact({"path": r"C:\Windows\Temp", "msg": "for Windows"}) == {
        "path": r"C:\Windows\Temp",
        "msg": f"for {MASK}",
    }
    assert hidden.redact_text("******** is no secret") == "******** is no secret"


def test_a_secret_that_reads_like_a_number_masks_no_number():
    """Ids, times, counts and statuses stay what they are, whatever the password is."""
    shown = {"id": 103, "start_time": "2026-10-31T10:31:03Z", "status": "103", "table": ["North 103 Completed 1.03"]}
    hidden = Redactor(["103", "1.03", "2026"])
    assert hidden.redact(shown) == shown
    assert hidden.redact({"comment": "103", "text": "pin=103", "msg": "job 103 took 1.03 s"}) == {
        "comment": MASK,
        "text": f"pin={MASK}",
        "msg": "job 103 took 1.03 s",
    }
    assert hidden.redact_text("you said 103") == f"you said {MASK}"
    statuses = Redactor(["Completed", "8154711"])
    assert statuses.redact({"status": "Completed", "msg": "ended as 'Completed', 8154711"}) == {
        "status": "Completed",
        "msg": f"ended as 'Completed', {MASK}",
    }
