"""How much code `module_utils` has. More is a decision: something else goes, or this file says why it is worth it."""

from __future__ import annotations

import ast
import io
import pathlib
import tokenize
from collections.abc import Iterator

from ansible_collections.astera.data_stack.plugins.module_utils import _version

ROOT = pathlib.Path(_version.__file__).resolve().parent
FILES = {path.relative_to(ROOT): path.read_text(encoding="utf-8") for path in ROOT.rglob("*.py")}

#: Lines of code of all files, of a function, and lines of a file.
ALL, FUNCTION, FILE = 5200, 40, 300
LAYOUT = {getattr(tokenize, name) for name in ("COMMENT", "NL", "NEWLINE", "INDENT", "DEDENT", "ENDMARKER")}
Place = tuple[int, int]


def code_lines(text: str) -> set[int]:
    """Numbers of the lines with code: without blanks, comments, docstrings and what only documents fields and facts."""
    documentation = list(documented(ast.parse(text)))
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        is_comma = token.string == "," and any(end == token.start for _start, end in documentation)
        if token.type in LAYOUT or is_comma:
            continue
        if not any(start <= token.start and token.end <= end for start, end in documentation):
            lines.update(range(token.start[0], token.end[0] + 1))
    return lines


def documented(tree: ast.AST) -> Iterator[tuple[Place, Place]]:
    """Where docstrings, descriptions and samples of fields, and the texts of assumptions begin and end."""
    for node in ast.walk(tree):
        found: list[ast.expr | ast.keyword] = []
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and ast.get_docstring(node) is not None:
            found = [node.body[0].value]  # type: ignore[attr-defined]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if node.func.id == "Field":
                found = [one for one in node.keywords if one.arg in ("description", "sample")]
            elif node.func.id == "Assumption":
                found = list(node.args[:6])
        for one in found:
            assert one.end_lineno is not None
            assert one.end_col_offset is not None
            yield (one.lineno, one.col_offset), (one.end_lineno, one.end_col_offset)


def test_all_code_is_within_its_budget():
    total = sum(len(code_lines(text)) for text in FILES.values())
    assert 1000 < total <= ALL


def test_no_file_and_no_function_is_too_long():
    assert {path: lines for path, text in FILES.items() if (lines := len(text.splitlines())) > FILE} == {}
    for path, text in FILES.items():
        lines = code_lines(text)
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                own = lines.intersection(range(node.lineno, (node.end_lineno or 0) + 1))
                assert len(own) <= FUNCTION, f"{path}: {node.name}"


def test_what_counts_as_code():
    text = '''"""A docstring."""

# A comment.
FIELD = Field(
    "name",
    description="What it is for, "
    "in two lines.",
)


def function():
    """Another."""
    return 1
'''
    assert code_lines(text) == {4, 5, 8, 11, 13}
