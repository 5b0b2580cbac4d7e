"""Checks that three lists of modules are one: files astera_*.py, action group, and users of the connection options.

A module outside of the action group would silently miss the connection that `module_defaults` configures.
"""

import pathlib
import sys

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
FRAGMENT = "astera.data_stack.connection"


def main() -> int:
    files = {path.stem: path.read_text(encoding="utf-8") for path in ROOT.glob("plugins/modules/astera_*.py")}
    runtime = yaml.safe_load((ROOT / "meta/runtime.yml").read_text(encoding="utf-8"))
    group = runtime["action_groups"]["astera"]

    problems = []
    if not files:
        problems.append("plugins/modules holds no modules")
    if group != sorted(set(group)):
        problems.append("the action group in meta/runtime.yml is not sorted, or names a module twice")
    problems += [f"{name}: in the action group, but no such module" for name in sorted(set(group) - set(files))]
    problems += [f"{name}: not in the action group of meta/runtime.yml" for name in sorted(set(files) - set(group))]
    problems += [f"{name}: does not use {FRAGMENT}" for name, text in sorted(files.items()) if FRAGMENT not in text]
    for problem in problems:
        print(f"check_action_group: {problem}", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
