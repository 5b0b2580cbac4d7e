"""The collection as the rules see it: the texts of its files, and what ansible-doc returns of its modules."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
NAME = "astera.data_stack"


@dataclass
class Collection:
    #: What git would commit, by path; text only.
    files: dict[str, str]
    #: By short name: ``doc``, ``examples`` and ``return``, with the fragments that the modules use.
    modules: dict[str, dict[str, Any]]

    def below(self, folder: str, suffix: str = "") -> dict[str, str]:
        """The files in a folder and its folders."""
        return {path: text for path, text in self.files.items() if path.startswith(folder) and path.endswith(suffix)}

    def yaml(self, path: str) -> Any:
        return yaml.safe_load(self.files[path])

    @property
    def roles(self) -> list[str]:
        return sorted({path.split("/")[1] for path in self.below("roles/")})

    def role_specs(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Role, entry point and specification."""
        for role in self.roles:
            path = f"roles/{role}/meta/argument_specs.yml"
            if path in self.files:
                for entry, spec in self.yaml(path)["argument_specs"].items():
                    yield role, entry, spec


def listed() -> list[str]:
    """The files that git would commit."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"]
    output = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [name for name in output.split("\0") if name and (ROOT / name).is_file()]


def copy_to(folder: Path) -> None:
    """Copy them, for what wants to spoil them."""
    for name in listed():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / name)


def load() -> Collection:
    contents = {name: (ROOT / name).read_bytes() for name in listed()}
    files = {name: content.decode("utf-8") for name, content in contents.items() if b"\0" not in content}
    names = [f"{NAME}.{Path(name).stem}" for name in files if name.startswith("plugins/modules/")]
    command = ["ansible-doc", "--json", "--type", "module", *names]
    found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return Collection(files, {name.rpartition(".")[2]: module for name, module in found.items()})
