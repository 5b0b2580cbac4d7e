"""The bold words of the glossary stay out of names and of all that users read."""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
#: A word that is not used, as an expression, and what to write.
INSTEAD = {
    "answer(s|ed|ing)?": "response, respond, return",
    "told": "reported, returned, shown",
    "members?": "field, key",
    "stamps?": "timestamp",
    "mend(s|ed)?": "fix",
    "cure[sd]?": "fix",
    "anew": "again, updated, replaced",
    "catalogues?": "list cache",
    "outcomes?": "result",
    "settled": "in sync, converged",
    "courses?": "reconciliation, resource",
}
PHRASES = {
    "belongs into": "goes in",
    "that is none": "invalid",
    "is no object": "is not an object",
    "those between": "intermediate certificates",
    "first contact": "compatibility report",
    "readable for others": "unencrypted",
}
#: How constants begin that are better MAX_ or MIN_.
LIMITS = ("LONGEST_", "LARGEST_", "MOST_", "SHORTEST_")

REPORT = "`report.answers` of astera_compatibility_info is public"
NOTE = "`notes[].member` of astera_export is public"
SURVEY = "AWX calls the values of a survey its answers"
EMULATOR = "a setting of the emulator, which keeps its name"
#: Where a word is allowed: pattern of the path, the word or the whole name, and why.
ALLOWED = {
    ("plugins/modules/astera_compatibility_info.py", "answers"): REPORT,
    ("plugins/module_utils/_compatibility/report.py", "answers"): REPORT,
    ("roles/compatibility_report/templates/report.md.j2", "answers"): REPORT,
    ("plugins/modules/astera_export.py", "member"): NOTE,
    ("plugins/module_utils/_server/*.py", "member"): NOTE,
    ("plugins/plugin_utils/_variables_file.py", "member"): NOTE,
    ("plugins/module_utils/_runner/settings.py", "answer"): SURVEY,
    ("extensions/awx/*", "answer"): SURVEY,
    ("docs/awx.md", "answer"): SURVEY,
    ("docs/awx.md", "answers"): SURVEY,
    ("tests/awx/*", "answer"): SURVEY,
    ("tests/awx/*", "answered"): SURVEY,
    ("tests/awx/*", "answers"): SURVEY,
    ("tests/scenarios/*", "answers"): SURVEY,
    ("docs/server-api.md", "login_answer"): EMULATOR,
    ("docs/server-api.md", "post_answer"): EMULATOR,
    ("docs/server-api.md", "upload_answer"): EMULATOR,
    ("docs/server-api.md", "cluster_stamp"): EMULATOR,
    ("docs/server-api.md", "null_members"): EMULATOR,
    ("tests/*", "login_answer"): EMULATOR,
    ("tests/*", "post_answer"): EMULATOR,
    ("tests/*", "upload_answer"): EMULATOR,
    ("tests/*", "cluster_stamp"): EMULATOR,
    ("tests/*", "created_stamp"): EMULATOR,
    ("tests/*", "newer_stamp"): EMULATOR,
    ("tests/*", "null_members"): EMULATOR,
}
#: What commands leave behind, which is not part of the project.
BUILT = ("docs/site/", "tests/output/")

_WORD = re.compile("|".join(INSTEAD), re.IGNORECASE)
#: What a file without such words does not have: `remember` and `timestamp` are no suspects.
_SUSPECT = re.compile(
    f"(?<![A-Za-z])(?i:{'|'.join(INSTEAD)})|{'|'.join([word.capitalize() for word in INSTEAD])}|{'|'.join(LIMITS)}"
)
_NAME = re.compile(r"[A-Za-z_]+")
#: The words of a name: login_answer, LoginAnswer, loginAnswer.
_PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
#: Where a text goes on in the next line.
_BREAK = re.compile(r"\s+(?:#:? )?\s*")

#: Files that are searched.
TEXTS = (".py", ".yml", ".md", ".j2")
#: A path, the name or phrase, and the word in it.
Found = tuple[str, str, str]


#: What users read, and what they may read: folder and pattern.
WRITINGS = (
    ("plugins", "**/*.py"),
    ("roles", "**/*"),
    ("playbooks", "**/*"),
    ("extensions", "**/*"),
    ("docs", "**/*"),
    (".", "[A-Z]*.md"),
)


@pytest.mark.parametrize(("folder", "pattern"), WRITINGS)
def test_texts_names_and_comments(folder, pattern):
    report(found_in_texts(folder, pattern))


def test_names_in_tests():
    report(found_in_names("tests"))


def test_every_exception_is_needed():
    found = [one for where in WRITINGS for one in found_in_texts(*where)] + found_in_names("tests")
    assert [key for key in ALLOWED if not any(allows(key, one) for one in found)] == []


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("login_answer = 1", ["answer"]),
        ("LoginAnswers()", ["Answers"]),
        ("def f(members): pass", ["members"]),
        ("a.member_count(outcome=1)", ["member", "outcome"]),
        ("import x as course", ["course"]),
        ("LONGEST_NAME = 1", ["LONGEST_"]),
        ("timestamp = remember = secure = recommend = 'answer'  # answer", []),
    ],
)
def test_names(source, words):
    assert sorted({part for name in names_in(ast.parse(source)) for part in parts(name)}) == sorted(words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The server answered.\nIt is told.", ["answered", "told"]),
        ("a value\n    # that is\n    # none", ["that is none"]),
        ("timestamps, secure, membership, the largest number", []),
    ],
)
def test_texts(text, words):
    assert [word for _name, word in words_of(text)] == words


@functools.cache
def files(folder: str, pattern: str) -> dict[str, str]:
    """Path and text of each file below a folder."""
    found = {}
    for path in sorted((ROOT / folder).glob(pattern)):
        name = path.relative_to(ROOT).as_posix()
        if path.suffix in TEXTS and path.is_file() and not name.startswith(BUILT):
            found[name] = path.read_text(encoding="utf-8")
    return found


@functools.cache
def found_in_texts(folder: str, pattern: str) -> list[Found]:
    return [(path, *found) for path, text in files(folder, pattern).items() for found in words_of(text)]


@functools.cache
def found_in_names(folder: str) -> list[Found]:
    suspects = {path: text for path, text in files(folder, "**/*.py").items() if _SUSPECT.search(text)}
    return [
        (path, name, word)
        for path, text in suspects.items()
        for name in names_in(ast.parse(text))
        for word in parts(name)
    ]


def report(found: list[Found]) -> None:
    wrong = [one for one in found if not any(allows(key, one) for key in ALLOWED)]
    assert not wrong, "\n".join(f"{path}: {name!r}: not {word!r} but {better(word)}" for path, name, word in wrong)


def allows(key: tuple[str, str], found: Found) -> bool:
    path, name, word = found
    return key[1] in (name, word.lower()) and fnmatch(path, key[0])


def better(word: str) -> str:
    instead = {**INSTEAD, **PHRASES, **dict.fromkeys(LIMITS, "MAX_ or MIN_")}
    return next(text for bad, text in instead.items() if re.fullmatch(bad, word, re.IGNORECASE))


def words_of(text: str) -> Iterator[tuple[str, str]]:
    """The words and phrases in a text that are not used, each with the name that it is part of."""
    for line in text.splitlines():
        if _SUSPECT.search(line):
            yield from ((name, word) for name in _NAME.findall(line) for word in parts(name))
    flat = _BREAK.sub(" ", text).lower()
    yield from ((phrase, phrase) for phrase in PHRASES if phrase in flat)


def parts(name: str) -> list[str]:
    """The words of a name that are not used."""
    found = [part for part in _PART.findall(name) if _WORD.fullmatch(part)]
    return found + [limit for limit in LIMITS if name.lstrip("_").startswith(limit)]


def names_in(tree: ast.AST) -> Iterator[str]:
    """All names that a Python file defines or uses."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.name
        elif isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, (ast.arg, ast.keyword)) and node.arg:
            yield node.arg
        elif isinstance(node, ast.alias):
            yield from filter(None, (node.name, node.asname))
