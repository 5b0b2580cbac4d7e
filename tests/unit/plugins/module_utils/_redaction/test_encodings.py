# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The forms of a secret, as the libraries that may write them do. The expected texts were written by hand."""

from __future__ import annotations

import base64
import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.astera.data_stack.plugins.module_utils._redaction.encodings import occurrences


def found(secret, text):
    """What is found of a secret in a text."""
    places = list(occurrences(secret, text))
    return text[slice(*places[0])] if places else None


SECRET = "Gr\u00fcn/<\"a\\b'> &+ \U0001f511"


@pytest.mark.parametrize(
    ("library", "form"),
    [
        ("none", SECRET),
        ("repr", "Gr\u00fcn/<\"a\\\\b\\'> &+ \U0001f511"),
        ("json.dumps", "Gr\\u00fcn/<\\\"a\\\\b'> &+ \\ud83d\\udd11"),
        ("Newtonsoft.Json", "Gr\u00fcn/<\\\"a\\\\b'> &+ \U0001f511"),
        ("Newtonsoft.Json, EscapeHtml", "Gr\u00fcn/\\u003c\\u0022a\\\\b\\u0027\\u003e \\u0026+ \U0001f511"),
        ("System.Text.Json", "Gr\\u00FCn/\\u003C\\u0022a\\\\b\\u0027\\u003E \\u0026\\u002B \\uD83D\\uDD11"),
        ("ConvertTo-Json", 'Gr\u00fcn/\\u003c\\"a\\\\b\\u0027\\u003e \\u0026+ \U0001f511'),
        ("DataContractJsonSerializer", "Gr\u00fcn\\/<\\\"a\\\\b'> &+ \U0001f511"),
        ("SecurityElement.Escape", "Gr\u00fcn/&lt;&quot;a\\b&apos;&gt; &amp;+ \U0001f511"),
        ("WebUtility.HtmlEncode", "Gr&#252;n/&lt;&quot;a\\b&#39;&gt; &amp;+ &#128273;"),
        ("html.escape", "Gr\u00fcn/&lt;&quot;a\\b&#x27;&gt; &amp;+ \U0001f511"),
        ("HtmlEncoder", "Gr&#xFC;n/&lt;&quot;a\\b&#x27;&gt; &amp;&#x2B; &#x1F511;"),
        ("the text of an element", "Gr\u00fcn/&lt;\"a\\b'&gt; &amp;+ \U0001f511"),
        ("Uri.EscapeDataString", "Gr%C3%BCn%2F%3C%22a%5Cb%27%3E%20%26%2B%20%F0%9F%94%91"),
        ("HttpUtility.UrlEncode", "Gr%c3%bcn%2f%3c%22a%5cb%27%3e+%26%2b+%f0%9f%94%91"),
        ("encodeURIComponent", "Gr%C3%BCn%2F%3C%22a%5Cb'%3E%20%26%2B%20%F0%9F%94%91"),
        ("encodeURI", "Gr%C3%BCn/%3C%22a%5Cb'%3E%20&+%20%F0%9F%94%91"),
        ("quote", "Gr%C3%BCn/%3C%22a%5Cb%27%3E%20%26%2B%20%F0%9F%94%91"),
    ],
)
def test_every_library_has_its_form(library, form):
    assert found(SECRET, f"before {form}, after") == form, library


@pytest.mark.parametrize("secret", ["it's", 'say "it\'s"', "path\\x"])
def test_quotes_in_what_python_quotes(secret):
    """Which quotes it escapes depends on the others in the text."""
    for text in (f"it is {secret} or not", f'it is "{secret}" or \''):
        assert found(secret, repr(text))


@given(before=st.binary(max_size=9), secret=st.text(min_size=5, max_size=20), after=st.binary(max_size=9))
def test_base64_at_every_place(before, secret, after):
    for codec in ("utf-8", "utf-16-le"):
        data = before + secret.encode(codec) + after
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            assert found(secret, encode(data).decode())


def test_base64_of_a_very_short_secret_is_left_out():
    """Four letters stand in too many words by chance."""
    assert found("i.q", base64.b64encode(b"i.q").decode()) is None


@given(st.text(st.characters(), min_size=3) | st.just("\ud800abc") | st.just("\\\\"))
def test_any_text_is_found_as_it_is(text):
    """Also one with half a character, which no codec can write."""
    assert found(text, f"before {text} after") is not None


@pytest.mark.parametrize("unit", ["\\", "\\/", "%25", "&amp;", "'", " +"])
def test_no_secret_takes_endless_time(unit):
    """There must not be many ways to read the same row of characters."""
    started = time.process_time()
    for text in (unit * 59, json_twice(unit * 59)):
        found(unit * 60 + "x", text + "y")
    assert time.process_time() - started < 1


def test_backslashes_beside_what_html_escapes():
    assert found(r"ab\\cd&ef-9", r"<p>ab\\cd&amp;ef-9</p>") == r"ab\\cd&amp;ef-9"


def json_twice(text):
    return json.dumps(json.dumps(text))
