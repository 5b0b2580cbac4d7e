"""Texts, numbers and JSON that somebody may give by mistake, or a broken server may return."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

NASTY = (
    "",
    " ",
    "\t",
    "a\r\nb",
    "\x00",
    "\x1b[2J\x1b[31mred",
    "\x9b31m",
    "..\\..\\x",
    "../../etc/passwd",
    "C:\\x\\",
    "\\\\share\\y.car",
    "CON",
    "NUL.txt",
    "name. ",
    "-rf",
    "\"quotes\"; 'x'",
    "x" * 300,
    "x" * 20_000,
    "\u00e9",
    "e\u0301",
    "\u202egnp.exe",
    "\u2028",
    "\ufeffBOM",
    "{{ lookup('x') }}",
    "{0}%s{}",
    "null",
    "true",
    "7",
    "-1",
    "1e999",
    "NaN",
    "\uff12\uff10",
    "4:30",
    "24:00",
    "+14:59",
    "2026-02-29T00:00:00Z",
    "2028-02-29T23:59:59.1234567-07:00",
    "9999-12-31T23:59:59Z",
    "********",
    "<script>",
)
SURROGATE = "\ud800"
NUMBERS = (0, 1, -1, 2, 24, 65535, 65536, 2**31 - 1, 2**31, -(2**31), 2**53 + 1, 2**63 - 1, 2**63, 2**64, 10**30)
FLOATS = (0.0, -0.0, 0.5, 1e-300, 1e300, float("inf"), float("-inf"), float("nan"))

TEXT = st.sampled_from(NASTY) | st.text(max_size=12)
#: Text that only JSON can hold.
ANY_TEXT = TEXT | st.just(SURROGATE) | st.text(st.characters(), max_size=5)
INTEGER = st.sampled_from(NUMBERS) | st.integers(-3, 30)
SCALAR = st.none() | st.booleans() | INTEGER | st.sampled_from(FLOATS[:5]) | ANY_TEXT
FIELD_NAME = st.sampled_from(["a", "B", "futureField", "smtpPassword", "name", "Id", "typeName", "", "a.b"]) | ANY_TEXT
JSON = st.recursive(
    SCALAR,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(FIELD_NAME, inner, max_size=3),
    max_leaves=6,
)
#: Fields that no documentation names, as a server may have them.
UNKNOWN = st.dictionaries(st.sampled_from(["futureField", "mailSetup", "Flags", "a.b"]), JSON, max_size=2)


def nested(depth: int, opening: str = '{"a":', inner: str = "1", closing: str = "}") -> str:
    return opening * depth + inner + closing * depth


#: Bodies that are not JSON, or JSON that Python's reader takes and others would not.
BROKEN = (
    "",
    " \r\n",
    "not json",
    "{",
    '{"id": 1',
    "[" * 50_000,
    nested(700),
    nested(90, "[", "", "]"),
    nested(5000, "[", "", "]"),
    "NaN",
    '{"name": NaN, "id": 1}',
    "[1e999]",
    "[-Infinity]",
    '[{"id": 1e400, "name": "A"}]',
    "9" * 5000,
    '"\\ud800"',
    "\ufeff{}",
    "\ufeff\ufeff[]",
    "<html><script>x</script><body>502 Bad Gateway</body></html>",
    "<" * 3000,
    "\x1b]0;title\x07",
    "[null]",
    "[[]]",
    '[{"id":1,"name":"A"},{"id":1,"name":"A"}]',
    "[" + "{}," * 2000 + "{}]",
    "null",
    "0",
    "[7, 8]",
)
TEXTS = st.sampled_from(BROKEN) | ANY_TEXT | JSON.map(json.dumps)
STATUSES = (
    200,
    200,
    200,
    200,
    201,
    204,
    302,
    304,
    400,
    401,
    403,
    404,
    405,
    409,
    412,
    418,
    429,
    500,
    501,
    503,
    599,
    999,
)


def printable(text: str) -> bool:
    return all(character.isprintable() for character in text)


def loads(text: str) -> Any:
    return json.loads(text)
