"""What check_importer.py makes of the importer's output. The importer itself runs in `make importer`."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from types import ModuleType

import pytest

from .collection import ROOT, copy_to

GOOD = """Importing with galaxy-importer 0.4.44
Getting doc strings via ansible-doc
Loading module astera_x
Linting module astera_x via flake8...
Linting collection via ansible-lint 26.10.1...
...ansible-lint run complete
Collection loading complete
Importer processing completed successfully
"""


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("check_importer", ROOT / "tests/tools/check_importer.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_nothing_to_complain_about(tool):
    assert tool.findings(0, GOOD, "") == []


@pytest.mark.parametrize("level", ["WARNING", "ERROR", "CRITICAL"])
def test_it_completed_successfully_and_yet(tool, level):
    line = f"{level}: plugins/modules/x.py:1:1: F401 'os' imported but unused"
    assert tool.findings(0, f"{line}\n{GOOD}", "") == [line]


def test_flake8_cannot_read_yaml(tool):
    line = "WARNING: plugins/filter/x.yml:3:5: E999 SyntaxError: invalid syntax"
    assert tool.findings(0, f"{line}\n{GOOD}", "") == []
    for other in (
        line.replace("x.yml", "x.py"),
        line.replace("WARNING", "ERROR"),
        "WARNING: plugins/filter/x.yml:3: fqcn",
    ):
        assert tool.findings(0, f"{other}\n{GOOD}", "") == [other]


def test_what_it_prints_elsewhere(tool):
    assert tool.findings(0, GOOD, "Traceback\n") == ["Traceback"]


def test_it_broke_off(tool):
    found = tool.findings(1, "Importing\nERROR: The import failed for the following reason: no tags\n", "")
    assert "ERROR: The import failed for the following reason: no tags" in found
    assert "it ended with status 1 after:" in found


@pytest.mark.parametrize("check", ["ansible-doc", "flake8", "ansible-lint"])
def test_a_check_that_it_passed_over(tool, check):
    output = "".join(line for line in GOOD.splitlines(keepends=True) if check not in line)
    assert [line for line in tool.findings(0, output, "") if check in line]


def test_modules_without_documentation(tool):
    modules = [
        {"content_type": "module", "content_name": name, "doc_strings": doc}
        for name, doc in (("a", {"doc": 1}), ("b", {}))
    ]
    assert tool.undocumented({"docs_blob": {"contents": modules}}) == ["b: no documentation"]
    assert tool.undocumented({"docs_blob": {"contents": []}}) == ["it found no modules"]


@pytest.mark.slow
def test_the_importer_itself_finds(tmp_path):
    """An unused import, a deprecated bare name and a lost requirements file, in a copy of this checkout."""
    copy = tmp_path / "checkout"
    copy_to(copy)
    module = copy / "plugins/modules/astera_cluster.py"
    module.write_text(module.read_text(encoding="utf-8") + "\nimport os\n", encoding="utf-8")
    with (copy / "roles/cluster/tasks/main.yml").open("a", encoding="utf-8") as tasks:
        tasks.write("\n- name: A short name\n  debug:\n")
    (copy / "requirements.txt").unlink()
    for command in (
        ["init", "--quiet"],
        ["add", "--all"],
        ["-c", "user.name=x", "-c", "user.email=x@y", "commit", "-qm", "x"],
    ):
        subprocess.run(["git", *command], cwd=copy, check=True)
    done = subprocess.run(
        [sys.executable, "tests/tools/check_importer.py"], cwd=copy, check=False, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "F401 'os' imported but unused" in done.stderr
    assert "fqcn" in done.stderr
    assert "requirements.txt" in done.stderr
