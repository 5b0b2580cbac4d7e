# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The forms of a secret, as the libraries that may write them do. The expected texts were written by hand."""

from __future__ import annotations

import base64
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.astera.data_stack.plugins.module_utils._redaction.encodings import (
    MIN_BASE64,
    encoded_forms,
    lower_case,
)

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
    assert lower_case(form) in encoded_forms(SECRET), library


def test_quotes_in_what_python_quotes():
    """Which quotes it escapes depends on the others in the text."""
    for text in ("it's", 'say "it\'s"', "path\\x"):
        shown = repr(f"it is {text} or not")
        assert any(form in shown for form in encoded_forms(text))
        shown = repr(f'it is "{text}" or \'')
        assert any(form in shown for form in encoded_forms(text))


@given(before=st.binary(max_size=9), secret=st.text(min_size=5, max_size=20), after=st.binary(max_size=9))
def test_base64_at_every_place(before, secret, after):
    forms = encoded_forms(secret)
    for codec in ("utf-8", "utf-16-le"):
        data = before + secret.encode(codec) + after
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            assert any(len(form) >= MIN_BASE64 and form in lower_case(encode(data).decode()) for form in forms)


def test_base64_of_a_very_short_secret_is_left_out():
    """Four letters stand in too many words by chance."""
    assert all(form == "i.q" or len(form) >= MIN_BASE64 for form in encoded_forms("i.q"))


def test_lower_case_moves_no_character():
    for code in range(sys.maxunicode + 1):
        letter = chr(code)
        assert len(lower_case(letter)) == 1
        assert lower_case(f"a{letter}") == "a" + lower_case(letter)


@given(st.text(st.characters(), min_size=3) | st.just("\ud800abc"))
def test_any_text_has_forms(text):
    """Also one with half a character, which no codec can write."""
    assert encoded_forms(text)[0] == lower_case(text)
