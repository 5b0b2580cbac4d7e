"""Texts of a server that an event, or an artifact of a job, hands to the next playbook."""

from __future__ import annotations

import ast

import pytest
from ansible.errors import AnsibleError
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar

from ansible_collections.astera.data_stack.plugins.plugin_utils._harmless import MAX_TEXT, harmless, harmless_deep


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Orders, every morning", "Orders, every morning"),
        ("[old] {Orders} 100% #1 it's", "[old] {Orders} 100% #1 it's"),
        (r"C:\Flows\x86\load.wf", r"C:\Flows\x86\load.wf"),
        ("{{ lookup('pipe', 'id') }}", "{ { lookup('pipe', 'id') }}"),
        ("{% if true %}{# {{{ #}", "{ % if true %}{ # { { { #}"),
        # The second brace may stand in another text.
        ("half {", "half { "),
        ("#jinja2:variable_start_string:'[['\n[[ x ]]", "# jinja2:variable_start_string:'[[' [[ x ]]"),
        ("$ANSIBLE_VAULT;1.1;AES256", "$ ANSIBLE_VAULT;1.1;AES256"),
        ("a\tb\r\n\x1b[2Jc\u2028d\ud800", "a b   [2Jc d "),
        (r"\x7b\u007B\U0000007b\173\N{LEFT CURLY BRACKET}", r"\ x7b\ u007B\ U0000007b\ 173\ N{LEFT CURLY BRACKET}"),
    ],
)
def test_what_a_text_becomes(text, shown):
    assert harmless(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        r"'\x7b\x7b lookup(1) }}'",
        "'{' '{ lookup(1) }}'",
        "'{''{ lookup(1) }}'",
        r"'{\x25 if true %}'",
        "['a', 'b']",
        '{"a": "b"}',
        r"""'\x23jinja2:variable_start_string:"[["\n[[ lookup(1) ]]'""",
        "u'a'",
        "('a')",
    ],
)
def test_it_is_no_python_that_holds_a_text(text):
    """Expressions of rules are read as Python by ansible-rulebook."""
    assert ast.literal_eval(text) is not None
    with pytest.raises((SyntaxError, ValueError)):
        ast.literal_eval(harmless(text))


@pytest.mark.filterwarnings("ignore:.*invalid escape sequence")
def test_pieces_that_meet_in_a_text_of_the_rule():
    pieces = [harmless(text) for text in ("{", "{ lookup(1) }}", r"\x7b", "'{", "'{ x }}'", r"{\x7b")]
    for one in pieces:
        for other in pieces:
            assert "{{" not in one + other
            assert "{{" not in ast.literal_eval(f'"""{one}{other} """')


def test_a_text_is_cut():
    assert harmless("x" * MAX_TEXT) == "x" * MAX_TEXT
    assert harmless("x" * 9999) == "x" * (MAX_TEXT - 3) + "..."
    assert harmless("{" * 9999).replace(" ", "") == "{" * (MAX_TEXT - 3) + "..."


def test_what_python_cannot_parse_is_left():
    assert harmless("'a'" + "(" * 400) == "'a'" + "(" * 400


def test_every_text_below_a_value():
    value = {"{{ a }}": ["{% b %}", {"c": ("{{", 1, None, True)}]}
    assert harmless_deep(value) == {"{ { a }}": ["{ % b %}", {"c": ["{ { ", 1, None, True]}]}


@pytest.mark.parametrize(
    "text",
    [
        "{{ 6 * 7 }}",
        "{% if true %}42{% endif %}",
        "{# a #}42",
        "#jinja2:variable_start_string:'[['\n[[ 6 * 7 }}",
        "#jinja2:variable_start_string:'[['",
    ],
)
def test_ansible_takes_it_for_text(text):
    """As an extra variable, which Ansible trusts as a template."""

    def used(value):
        templar = Templar(loader=DataLoader(), variables={"name": trusted(value)})
        return templar.template(trusted("{{ name }}"))

    try:
        raw = used(text)
    except AnsibleError:
        raw = None
    assert raw != text, "this text is no template, so it shows nothing"
    assert used(harmless(text)) == harmless(text)


def trusted(text):
    """Before ansible-core 2.19 every text was."""
    try:
        from ansible.template import trust_as_template
    except ImportError:
        return text
    return trust_as_template(text)
