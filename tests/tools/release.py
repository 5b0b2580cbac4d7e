#!/usr/bin/env python
"""Makes a release: checks, sets the version, writes the changelog, commits, builds, inspects and tags. Pushes nothing.

    release.py VERSION [--check]

All of it happens in a working tree of its own, below the folder for temporary files. The branch and the tag are set at
the very end, so a failure leaves nothing behind. With --check they are not set at all, and the release is only shown.
"""

from __future__ import annotations

import argparse
import datetime
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml
from ansible.utils.version import SemanticVersion

ROOT = Path(__file__).resolve().parents[2]
BRANCH = "main"
FRAGMENTS = "changelogs/fragments"
TARBALL, IMAGE = "astera-data_stack-{}.tar.gz", "astera-ee:{}"
#: Where the version stands: in what, and how often.
VERSION_PLACES = {
    "galaxy.yml": {"\nversion: {}\n": 1},
    "plugins/module_utils/_version.py": {'\nVERSION = "{}"\n': 1},
    "extensions/awx/execution-environment.yml": {TARBALL: 2, IMAGE: 2},
    "extensions/awx/ansible-navigator.yml": {IMAGE: 1},
    "docs/execution-environment.md": {IMAGE: 3},
    "examples/provision/jump-host.cloud-config.yml": {TARBALL: 1},
}
#: A version without and with what marks it as a candidate.
VERSION = r"\d+\.\d+\.\d+(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?"
#: Written by `make certify`: the commit, if nothing was changed or added since.
CERTIFIED = ROOT / "tests/output/certified"
#: What a section of the changelog asks of the version; all others are content with a patch.
MAJOR = {"breaking_changes", "removed_features"}
MINOR = {"major_changes", "minor_changes", "deprecated_features"}
#: Text of a README that a release would make wrong.
UNRELEASED = "not released yet"


class ReleaseError(Exception):
    """What stands against the release, one line each."""


def run(*command: str | Path, folder: Path = ROOT) -> str:
    done = subprocess.run([str(word) for word in command], cwd=folder, check=False, capture_output=True, text=True)
    if done.returncode != 0:
        message = (done.stderr.strip() or done.stdout.strip()) or f"status {done.returncode}"
        raise ReleaseError(f"{' '.join(map(str, command[:3]))}: {message}")
    return done.stdout.strip()


def semantic(text: str) -> SemanticVersion | None:
    try:
        return SemanticVersion(text) if text else None
    except ValueError:
        return None


def core(version: SemanticVersion) -> SemanticVersion:
    """The version without what marks it as a candidate."""
    return SemanticVersion(f"{version.major}.{version.minor}.{version.patch}")


def last_release() -> SemanticVersion | None:
    """The highest version among the tags of this branch."""
    tags = [semantic(tag) for tag in run("git", "tag", "--merged", "HEAD").splitlines()]
    return max((tag for tag in tags if tag), default=None)


def sections() -> set[str]:
    """The sections of the changelog that the fragments fill."""
    files = [path for path in (ROOT / FRAGMENTS).glob("[!.]*") if path.suffix in (".yml", ".yaml")]
    return {section for path in files for section in yaml.safe_load(path.read_text(encoding="utf-8")) or {}}


def smallest_step(last: SemanticVersion, filled: set[str]) -> SemanticVersion:
    """The lowest version that semantic versioning allows after these changes."""
    if last.is_prerelease:
        return core(last)
    if last.major == 0:
        return SemanticVersion(f"0.{last.minor}.{last.patch + 1}")
    if filled & MAJOR:
        return SemanticVersion(f"{last.major + 1}.0.0")
    if filled & MINOR:
        return SemanticVersion(f"{last.major}.{last.minor + 1}.0")
    return SemanticVersion(f"{last.major}.{last.minor}.{last.patch + 1}")


def against_checkout() -> list[str]:
    """What the state of the checkout has against a release."""
    problems = []
    branch = run("git", "branch", "--show-current")
    if branch != BRANCH:
        problems.append(f"this is the branch {branch or '(none)'}: releases are made on {BRANCH}")
    changed = run("git", "status", "--porcelain")
    if changed:
        problems.append("there are changes that are not committed:\n" + changed)
    if not CERTIFIED.exists() or CERTIFIED.read_text().strip() != run("git", "rev-parse", "HEAD"):
        problems.append("`make certify` has not passed for this very commit: run it first")
    if UNRELEASED in " ".join((ROOT / "README.md").read_text(encoding="utf-8").split()):
        problems.append(f"README.md has {UNRELEASED!r}, and so would the tarball")
    return problems


def additions() -> list[tuple[Path, SemanticVersion]]:
    """What came with which release, by the documentation of plugins and roles."""
    found = []
    for path in sorted([*ROOT.glob("plugins/**/*.py"), *ROOT.glob("roles/*/meta/argument_specs.yml")]):
        versions = re.findall(r"^\s*version_added: [\"']?([^\"'\s]+)", path.read_text(encoding="utf-8"), re.MULTILINE)
        found += [(path.relative_to(ROOT), version) for version in map(semantic, sorted(set(versions))) if version]
    return found


def against_version(text: str) -> list[str]:
    """What the version and the changes since the last one have against each other."""
    version = semantic(text)
    if version is None:
        return [f"{text!r} is not a semantic version, such as 1.2.3"]
    # The changelog would leave these out.
    problems = [f"{path}: version_added is {added.vstring}" for path, added in additions() if added > core(version)]
    last, filled = last_release(), sections()
    if not filled:
        problems.append(f"{FRAGMENTS} is empty: what has changed?")
    if run("git", "tag", "--list", text):
        problems.append(f"the tag {text} exists: a release is never made twice")
    elif last and version <= last:
        problems.append(f"{text} is not above the last release, {last.vstring}")
    elif last:
        # Something new need not be in a fragment.
        filled |= {"minor_changes"} if any(added > last for _place, added in additions()) else set()
        least = smallest_step(last, filled)
        if core(version) < least:
            names = ", ".join(sorted(filled & (MAJOR | MINOR)))
            problems.append(f"after {last.vstring}, {names} ask for {least.vstring} at least")
    return problems


def set_version(version: str, folder: Path) -> None:
    for name, places in VERSION_PLACES.items():
        path = folder / name
        text = path.read_text(encoding="utf-8")
        for place, expected in places.items():
            text, count = re.subn(re.escape(place).replace(r"\{\}", VERSION), place.format(version), text)
            if count != expected:
                shown = place.strip().format("...")
                raise ReleaseError(f"{name}: {shown!r} is there {count} times instead of {expected}")
        path.write_text(text, encoding="utf-8")


def prepare(version: str, folder: Path) -> str:
    """Commit the release in a working tree of its own; return the commit."""
    set_version(version, folder)
    # Fails on an invalid fragment.
    run("antsibull-changelog", "lint", folder=folder)
    today = datetime.datetime.now(datetime.timezone.utc).date().isoformat()
    run("antsibull-changelog", "release", "--version", version, "--date", today, folder=folder)
    run("git", "add", "--all", folder=folder)
    run("git", "commit", "--quiet", "--message", f"Release {version}", folder=folder)
    return run("git", "rev-parse", "HEAD", folder=folder)


def changes(version: str, folder: Path) -> str:
    """The changelog of this release, without the escapes of Markdown."""
    log = yaml.safe_load((folder / "changelogs/changelog.yaml").read_text(encoding="utf-8"))
    return yaml.safe_dump(log["releases"][version], sort_keys=False, allow_unicode=True, width=120)


def build(folder: Path, target: Path) -> tuple[Path, str]:
    """Build, inspect what was built as Galaxy would, and return the tarball and its SHA-256."""
    tools = folder / "tests/tools"
    # Builds twice and compares, inspects, installs and reads the documentation.
    print(run(tools / "check_tarball", folder=folder))
    name, _space, digest = run(sys.executable, tools / "build_tarball", target, folder=folder).rpartition(" ")
    print(run(sys.executable, tools / "check_importer.py", name, folder=folder))
    return Path(name), digest


def set_branch_and_tag(version: str, commit: str) -> None:
    # Annotated; git signs it when `tag.gpgSign` is set.
    run("git", "tag", "--annotate", "--message", f"Release {version}", version, commit)
    try:
        run("git", "merge", "--quiet", "--ff-only", commit)
    except BaseException:
        run("git", "tag", "--delete", version)
        raise


def discard(folder: Path) -> None:
    """Take the working tree away. That it stays neither fails a release nor replaces the reason why one failed."""
    try:
        run("git", "worktree", "remove", "--force", folder)
    except ReleaseError as error:
        print(f"release: `git worktree prune` is needed: {error}", file=sys.stderr)


def release(version: str, *, check: bool) -> None:
    problems = against_checkout() + against_version(version)
    if problems:
        raise ReleaseError("\n".join(problems))
    before = run("git", "rev-parse", "HEAD")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "data_stack"
        run("git", "worktree", "add", "--quiet", "--detach", folder)
        try:
            commit = prepare(version, folder)
            tarball, digest = build(folder, Path(name))
            if check:
                print(run("git", "show", "--stat", "--format=%s", commit, folder=folder), end="\n\n")
                print(changes(version, folder))
                print(f"{tarball.name} {digest}\n{version} could be released. Nothing was changed.")
                return
            shutil.copy(tarball, ROOT)
            try:
                set_branch_and_tag(version, commit)
            except BaseException:
                (ROOT / tarball.name).unlink()
                raise
        finally:
            discard(folder)
    print(f"""
{version} is tagged, and {tarball.name} is built ({digest}). Nothing has left this machine.
To publish it, with the token of Galaxy or Automation Hub in your ansible.cfg:
  git push --atomic origin {BRANCH} {version}
  ansible-galaxy collection publish {tarball.name}
To take it back instead:
  git tag --delete {version} && git reset --hard {before} && rm {tarball.name}""")


def main() -> int:
    parser = argparse.ArgumentParser(description="Make a release, here only.")
    parser.add_argument("version", help="for example 1.2.3")
    parser.add_argument("--check", action="store_true", help="do it all, but set neither branch nor tag")
    arguments = parser.parse_args()
    try:
        release(arguments.version, check=arguments.check)
    except (ReleaseError, KeyboardInterrupt) as error:
        for line in (str(error) or "interrupted").splitlines():
            print(f"release: {line}", file=sys.stderr)
        print("release: no release was made, and nothing was changed", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
