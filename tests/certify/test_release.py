"""The release command, in throw-away repositories made of the files of this one."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from .collection import copy_to

VERSION = "77.1.0"
TARBALL = f"astera-data_stack-{VERSION}.tar.gz"
#: What the user's own git does, signing for instance, must not matter.
ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if name not in ("TREE", "ANSIBLE_COLLECTIONS_PATH")},
    "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
}


class Repository:
    """A checkout, and how to release from it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(self, *command: str | Path, check: bool = True) -> subprocess.CompletedProcess[str]:
        arguments = [str(word) for word in command]
        done = subprocess.run(arguments, cwd=self.folder, env=ENVIRONMENT, check=False, capture_output=True, text=True)
        assert done.returncode == 0 or not check, f"{arguments}: {done.stderr}"
        return done

    def git(self, *arguments: str) -> str:
        return self.run("git", *arguments).stdout.strip()

    def write(self, path: str, text: str) -> None:
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / path).write_text(text, encoding="utf-8")

    def commit(self) -> None:
        """Commit everything, and record that `make certify` has seen it."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "A change")
        self.write("tests/output/certified", self.git("rev-parse", "HEAD") + "\n")

    def release(self, version: str = VERSION, *options: str) -> subprocess.CompletedProcess[str]:
        return self.run(sys.executable, "tests/tools/release.py", version, *options, check=False)

    def errors(self, version: str = VERSION) -> str:
        done = self.release(version)
        assert done.returncode == 1, done.stdout
        assert done.stderr.endswith("release: no release was made, and nothing was changed\n")
        return done.stderr

    def state(self) -> dict[str, str]:
        """Everything that a release changes."""
        return {
            "refs": self.git("for-each-ref"),
            "status": self.git("status", "--porcelain", "--ignored"),
            "worktrees": self.git("worktree", "list"),
        }


@pytest.fixture(scope="module")
def template(tmp_path_factory) -> Repository:
    """The files of this checkout as a first commit, ready to be released."""
    repository = Repository(tmp_path_factory.mktemp("template"))
    copy_to(repository.folder)
    repository.git("init", "--quiet", "--initial-branch", "main")
    readme = (repository.folder / "README.md").read_text(encoding="utf-8")
    repository.write("README.md", re.sub(r"not\s+released\s+yet", "released", readme))
    repository.write("changelogs/fragments/seventy-seven.yml", "minor_changes:\n  - Seventy-seven at last.\n")
    return repository


@pytest.fixture
def repository(template, tmp_path) -> Repository:
    copy = Repository(tmp_path / "with space" / "checkout")
    shutil.copytree(template.folder, copy.folder, symlinks=True)
    copy.git("config", "user.name", "Somebody")
    copy.git("config", "user.email", "somebody@example.com")
    copy.commit()
    return copy


def test_the_checkout_is_checked(repository):
    repository.git("checkout", "--quiet", "-b", "feature")
    repository.write("README.md", "Version 1 is not\nreleased yet.\n")
    repository.write("notes.txt", "Not added.\n")
    repository.write("tests/output/certified", "another commit\n")
    before = repository.state()
    errors = repository.errors()
    assert "releases are made on main" in errors
    assert "M README.md" in errors
    assert "?? notes.txt" in errors
    assert "`make certify` has not passed for this very commit" in errors
    assert "README.md has 'not released yet'" in errors
    assert repository.state() == before


def test_what_was_never_certified_is_not_released(repository):
    (repository.folder / "tests/output/certified").unlink()
    assert "`make certify` has not passed" in repository.errors()


@pytest.mark.parametrize("version", ["77.1", "v77.1.0", "77.01.0", "next", ""])
def test_no_semantic_version(repository, version):
    assert "is not a semantic version" in repository.errors(version)


def test_a_tag_that_exists(repository):
    repository.git("tag", VERSION)
    assert f"the tag {VERSION} exists" in repository.errors()


def test_a_version_that_is_not_above_the_last(repository):
    repository.git("tag", "100.0.0")
    assert "not above the last release, 100.0.0" in repository.errors()


def test_no_changes(repository):
    shutil.rmtree(repository.folder / "changelogs/fragments")
    repository.commit()
    assert "changelogs/fragments is empty" in repository.errors()


@pytest.mark.parametrize(
    ("section", "version", "least"),
    [
        ("breaking_changes", "76.1.0", "77.0.0"),
        ("removed_features", "76.0.6", "77.0.0"),
        ("deprecated_features", "76.0.6", "76.1.0"),
        ("minor_changes", "76.0.6-rc1", "76.1.0"),
    ],
)
def test_a_step_that_is_too_small(repository, section, version, least):
    shutil.rmtree(repository.folder / "changelogs/fragments")
    repository.write("changelogs/fragments/x.yml", f"{section}:\n  - Something.\n")
    repository.commit()
    repository.git("tag", "76.0.5")
    assert f"after 76.0.5, {section} ask for {least} at least" in repository.errors(version)


def test_something_of_a_later_release(repository):
    path = "roles/cluster/meta/argument_specs.yml"
    text = (repository.folder / path).read_text(encoding="utf-8")
    repository.write(path, text.replace("version_added: 1.0.0", "version_added: 78.0.0"))
    repository.commit()
    assert f"{path}: version_added is 78.0.0" in repository.errors()


@pytest.mark.parametrize("version", ["77.1.0-rc.1", VERSION])
def test_the_version_is_set_wherever_the_tarball_is_named(repository, version):
    """Else ansible-builder, by what was tagged, takes a tarball that `make build` does not make."""
    script = "import pathlib, sys; sys.path.append('tests/tools'); import release; "
    for step in ("77.0.0-rc.2", version):
        repository.run(sys.executable, "-c", f"{script} release.set_version({step!r}, pathlib.Path())")
    assert yaml.safe_load((repository.folder / "galaxy.yml").read_text(encoding="utf-8"))["version"] == version
    named = repository.git("grep", "-hoE", 'astera-(data_stack-|ee:)[0-9][^ "]*', "--", ":!tests", ":!changelogs")
    assert set(named.splitlines()) == {f"astera-data_stack-{version}.tar.gz", f"astera-ee:{version}"}


def quick(repository: Repository) -> None:
    """Leaves the inspection out, for tests of what comes before and after it."""
    for tool, text in (("check_tarball", "#!/bin/sh\necho inspected\n"), ("check_importer.py", "print('imported')\n")):
        repository.write(f"tests/tools/{tool}", text)
    repository.commit()


def invalid_fragment(repository: Repository) -> None:
    repository.write("changelogs/fragments/odd.yml", "minor_chances:\n  - Misspelt.\n")
    repository.commit()


def no_version_in_galaxy(repository: Repository) -> None:
    text = (repository.folder / "galaxy.yml").read_text(encoding="utf-8")
    repository.write("galaxy.yml", text.replace("\nversion:", "\nrelease:"))
    repository.commit()


def tarball_without_metadata(repository: Repository) -> None:
    (repository.folder / "meta/execution-environment.yml").unlink()
    repository.commit()


def no_identity(repository: Repository) -> None:
    repository.git("config", "user.useConfigOnly", "true")
    repository.git("config", "--unset", "user.email")


def signing_fails(repository: Repository) -> None:
    quick(repository)
    repository.git("config", "tag.gpgSign", "true")
    repository.git("config", "gpg.program", "false")


@pytest.mark.parametrize(
    ("spoil", "error"),
    [
        pytest.param(no_version_in_galaxy, "galaxy.yml: 'version: ...' is there 0 times"),
        pytest.param(invalid_fragment, "minor_chances", marks=pytest.mark.slow),
        pytest.param(no_identity, "email", marks=pytest.mark.slow),
        pytest.param(tarball_without_metadata, "meta/execution-environment.yml is missing", marks=pytest.mark.slow),
        pytest.param(signing_fails, "gpg failed to sign", marks=pytest.mark.slow),
    ],
)
def test_a_failure_on_the_way_leaves_nothing(repository, spoil: Callable[[Repository], None], error):
    spoil(repository)
    before = repository.state()
    assert error in repository.errors()
    assert repository.state() == before


@pytest.mark.slow
def test_a_trial_changes_nothing(repository):
    quick(repository)
    before = repository.state()
    done = repository.release(VERSION, "--check")
    assert done.returncode == 0, done.stderr
    assert "Seventy-seven at last." in done.stdout
    assert f"{VERSION} could be released. Nothing was changed." in done.stdout
    assert repository.state() == before


@pytest.mark.slow
def test_a_release(repository, tmp_path):
    """From the first check to the tag, with nothing left out."""
    origin = Repository(tmp_path / "origin.git")
    repository.run("git", "clone", "--quiet", "--bare", repository.folder, origin.folder)
    repository.git("remote", "add", "origin", str(origin.folder))
    pushed = origin.git("for-each-ref")

    done = repository.release()
    assert done.returncode == 0, done.stderr
    assert origin.git("for-each-ref") == pushed
    assert repository.git("cat-file", "-t", VERSION) == "tag"
    assert repository.git("rev-parse", f"{VERSION}^{{commit}}") == repository.git("rev-parse", "main")
    assert repository.git("log", "-1", "--format=%s") == f"Release {VERSION}"
    assert repository.git("status", "--porcelain") == ""
    assert len(repository.git("worktree", "list").splitlines()) == 1

    galaxy = yaml.safe_load((repository.folder / "galaxy.yml").read_text(encoding="utf-8"))
    assert galaxy["version"] == VERSION
    assert f'"{VERSION}"' in (repository.folder / "plugins/module_utils/_version.py").read_text(encoding="utf-8")
    changes = yaml.safe_load((repository.folder / "changelogs/changelog.yaml").read_text(encoding="utf-8"))
    assert "Seventy-seven at last." in changes["releases"][VERSION]["changes"]["minor_changes"]
    assert "Seventy\\-seven at last" in (repository.folder / "CHANGELOG.md").read_text(encoding="utf-8")
    assert list((repository.folder / "changelogs/fragments").glob("*")) == []
    repository.run("antsibull-changelog", "lint")

    # Whoever checks out the tag builds the same.
    digest = hashlib.sha256((repository.folder / TARBALL).read_bytes()).hexdigest()
    assert digest in done.stdout
    assert repository.run("tests/tools/build_tarball", tmp_path).stdout.split()[-1] == digest

    # What comes next needs changes, and a version above.
    repository.write("tests/output/certified", repository.git("rev-parse", "HEAD"))
    again = repository.errors()
    assert "exists" in again
    assert "is empty" in again
