"""The house by layer: imports go one way, and there is no circle."""

from __future__ import annotations

import ast
import graphlib
import pathlib

import pytest

from ansible_collections.astera.data_stack.plugins.module_utils import _version

ROOT = pathlib.Path(_version.__file__).resolve().parent
#: From the ground up: each may import what stands in a row before its own, and what is in its own package.
LAYERS = [
    {"_errors", "_version"},
    {"_data"},
    {"_redaction"},
    {"_http"},
    {"_engine"},
    {"_runner"},
    {"_resources"},
    {"_server", "_compatibility"},
]
FILES = sorted(path for path in ROOT.rglob("*.py") if path.name != "__init__.py")


def module_of(path: pathlib.Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def imports_of(path: pathlib.Path) -> set[str]:
    """The modules of the house that a file imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            package = module_of(path).split(".")[: -node.level]
            base = [*package, *(node.module.split(".") if node.module else [])]
            for alias in node.names:
                target = ROOT.joinpath(*base, f"{alias.name}.py")
                found.add(".".join([*base, alias.name] if target.exists() else base))
    return found


def layer_of(module: str) -> int:
    return next(number for number, names in enumerate(LAYERS) if module.partition(".")[0] in names)


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_imports_go_down(path):
    module = module_of(path)
    for imported in imports_of(path):
        same = imported.partition(".")[0] == module.partition(".")[0]
        assert same or layer_of(imported) < layer_of(module), f"{module} imports {imported}"


def test_there_is_no_circle():
    graph = {module_of(path): imports_of(path) for path in FILES}
    assert len(list(graphlib.TopologicalSorter(graph).static_order())) >= len(graph)


def test_only_the_runner_knows_ansible():
    """But for the types of variables, which only Ansible's own validation knows."""
    knowing = {
        module_of(path)
        for path in FILES
        if any(line.startswith(("from ansible.", "import ansible")) for line in path.read_text("utf-8").splitlines())
    }
    assert knowing == {"_runner.module", "_server.validate"}
