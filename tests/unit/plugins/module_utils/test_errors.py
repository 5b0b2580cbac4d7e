"""The exception of the collection: it never changes, and it renders itself."""

from __future__ import annotations

import contextlib
import traceback

import pytest

from ansible_collections.astera.data_stack.plugins.module_utils._errors import (
    KINDS,
    AsteraError,
    bulk_error,
    kind_of_status,
)
from ansible_collections.astera.data_stack.plugins.module_utils._redaction.redactor import Redactor

LOST = AsteraError("connection", "it broke", method="POST", path="/x", may_have_been_applied=True)


def test_kinds_of_statuses():
    assert {kind_of_status(status) for status in range(300, 600)} <= set(KINDS)
    assert kind_of_status(200) == kind_of_status(400) == kind_of_status(418) == "rejected"
    assert kind_of_status(302) == "connection"
    assert kind_of_status(503) == kind_of_status(429) == "server"


def test_an_error_renders_itself():
    error = AsteraError("rejected", "no.", method="POST", path="/x", status=400, attempts=3, hint="Do this.")
    assert str(error) == "no (POST /x, after 3 attempts). Do this."
    assert error.to_result()["error"] == {
        "kind": "rejected",
        "status": 400,
        "method": "POST",
        "path": "/x",
        "message": "no.",
        "attempts": 3,
        "hint": "Do this.",
        "may_have_been_applied": False,
    }
    assert AsteraError("input", "no").to_result()["error"]["hint"] is None


def test_a_message_is_one_line_with_an_end():
    endless = "a\x1b[31m\nb" + "x" * 100_000
    result = AsteraError("server", endless, hint=endless).to_result()
    for text in (result["msg"], result["error"]["message"], result["error"]["hint"]):
        assert text.startswith("a [31m b")
        assert text.isprintable()
        assert len(text) == 4000


@pytest.mark.parametrize("name", vars(LOST))
def test_an_error_does_not_change(name):
    before = dict(vars(LOST))
    with pytest.raises(AttributeError, match=name):
        setattr(LOST, name, None)
    assert vars(LOST) == before


def test_a_copy_with_more():
    error = LOST.with_(hint="Look.", attempts=2)
    assert (error.kind, error.message, error.method, error.path) == ("connection", "it broke", "POST", "/x")
    assert (error.hint, error.attempts, error.may_have_been_applied) == ("Look.", 2, True)
    assert (LOST.hint, LOST.attempts) == (None, 0)
    with pytest.raises(TypeError):
        LOST.with_(hints="Look.")


def test_a_copy_shows_where_it_went_wrong_and_nothing_twice():
    def fail():
        raise AsteraError("server", "oops")

    def add_hint():
        try:
            fail()
        except AsteraError as error:
            raise error.with_(hint="Look.") from None

    with pytest.raises(AsteraError) as caught:
        add_hint()
    text = "".join(traceback.format_exception(caught.type, caught.value, caught.value.__traceback__))
    assert "in fail" in text
    assert text.count("oops") == 2  # the line that raises, and the message


def test_python_may_note_where_an_error_passes():
    @contextlib.contextmanager
    def passing():
        yield

    with pytest.raises(AsteraError), passing():
        raise LOST


def test_what_may_have_been_done_is_shown_once():
    assert str(LOST) == "it broke (POST /x); the server may have applied it anyway."
    assert str(LOST.with_(doubt="the job may run")) == "it broke (POST /x); the job may run."
    quoting = LOST.with_(message='the server responded 500: "The file may have been deleted"')
    assert str(quoting) == (
        'the server responded 500 (POST /x): "The file may have been deleted"; the server may have applied it anyway.'
    )


def test_a_read_applies_nothing():
    assert not AsteraError("timeout", "late", method="GET", path="/x", may_have_been_applied=True).may_have_been_applied
    assert not LOST.with_(method="GET").may_have_been_applied


def test_a_hint_hides_secrets_that_the_server_repeats():
    result = AsteraError("timeout", "late", hint='It may go on: the server responded 400: "hunter\\"two".').to_result()
    assert "hunter" not in str(Redactor(['hunter"two']).redact(result))


def test_an_error_for_several_leaves_each_as_it_is():
    first = AsteraError("server", "oops", method="GET", path="/a", status=500, attempts=2, hint="Look.")
    failed = [("a", first), ("b", LOST), ("c", LOST), ("d", LOST)]
    combined = bulk_error("job", failed, 9, 1)
    result = combined.to_result()
    assert result["msg"] == str(combined)
    assert result["msg"] == (
        "4 of 9 jobs failed, and 1 were not tried. 'a': oops (GET /a, after 2 attempts). "
        "'b', 'c': it broke (POST /x); the server may have applied it anyway. And 1 more, see results. Look."
    )
    head = {"message": "4 of 9 jobs failed, and 1 were not tried", "hint": None, "may_have_been_applied": True}
    assert result["error"] == {**first.to_result()["error"], **head}
    assert first.to_result()["msg"] == "oops (GET /a, after 2 attempts). Look."
    assert not bulk_error("job", failed[:1], 9, 0).may_have_been_applied
    advised = bulk_error("job", failed[:1], 9, 0, "Run it again.")
    assert str(advised) == "1 of 9 jobs failed. 'a': oops (GET /a, after 2 attempts). Look. Run it again."
    assert advised.hint == "Run it again."
    assert bulk_error("job", [], 9, 0) is None
    long = AsteraError("rejected", f'no: "{"x" * 600}"', method="POST", path="/x")
    assert len(str(bulk_error("job", [("a", long)], 1, 0))) < 350
