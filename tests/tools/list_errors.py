#!/usr/bin/env python
"""Print every error and warning of the collection as one table: kind, text, hint, place. For a review of the words.

Reads the sources, so a text that is put together at run time shows its parts in braces.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
#: What makes an error or a warning, and where its kind (or the kind itself), text and hint are among the arguments.
CALLS = {
    "AsteraError": (0, 1, None),
    "input_error": ("input", 0, 1),
    "OptionError": ("input", 0, 1),
    "warn": ("warning", 0, None),
    "deprecate": ("warning", 0, None),
}


def texts(node: ast.AST | None) -> str:
    """The text that an expression makes: constants as they are, everything else in braces."""
    if node is None:
        return ""
    if isinstance(node, ast.Constant):
        return str(node.value or "")
    if isinstance(node, ast.JoinedStr):
        return "".join(texts(part) for part in node.values)
    if isinstance(node, ast.FormattedValue):
        return f"{{{ast.unparse(node.value)}}}"
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return texts(node.left) + texts(node.right)
    return f"{{{ast.unparse(node)}}}"


def rows() -> Iterator[tuple[str, str, str, str]]:
    for path in sorted((ROOT / "plugins").rglob("*.py")):
        place = path.relative_to(ROOT / "plugins")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            named = {keyword.arg: keyword.value for keyword in node.keywords}
            if name in CALLS:
                kind, text, hint = CALLS[name]
                given = dict(enumerate(node.args))
                shown = kind if isinstance(kind, str) else texts(named.get("kind", given.get(kind)))
                hint_node = named.get("hint", given.get(hint))
                yield shown, texts(named.get("message", given.get(text))), texts(hint_node), f"{place}:{node.lineno}"
            elif name == "with_" and {"message", "hint"} & set(named):
                yield "", texts(named.get("message")), texts(named.get("hint")), f"{place}:{node.lineno}"


def main() -> None:
    print("| kind | text | hint | place |\n| --- | --- | --- | --- |")
    for row in rows():
        print("| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in row) + " |")


if __name__ == "__main__":
    main()
