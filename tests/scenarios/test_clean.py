"""`make clean` takes away what the other commands leave behind."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.any_core
def test_nothing_but_the_work_folder_is_left(tmp_path):
    checkout, tree = tmp_path / "checkout", tmp_path / "tree"
    (checkout / "tests").mkdir(parents=True)
    for name in ("Makefile", "galaxy.yml"):
        shutil.copy(ROOT / name, checkout)
    shutil.copytree(ROOT / "tests" / "tools", checkout / "tests" / "tools")
    listed = (ROOT / "tests" / "tools" / "tree").read_text().splitlines()
    inside = [line.split()[1].rstrip("/").replace("*", "1") for line in listed if line.startswith("#   ")]
    assert {"copy1", "link", "others", "site"} <= set(inside)
    left = [checkout / "docs" / "site", checkout / "tests" / "output", *(tree / name for name in inside)]
    for folder in left:
        folder.mkdir(parents=True)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    subprocess.run(["make", "clean"], cwd=checkout, env={**environment, "TREE": str(tree)}, check=True)
    assert [str(folder) for folder in left if folder.exists()] == []
