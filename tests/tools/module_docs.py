#!/usr/bin/env python
"""Write what the documentation of the modules says of fields and results, so that each field is described once.

Usage: module_docs.py [--check]. With --check nothing is written, and a difference is an error.

Between two comments in the documentation of a module stands what this program wrote:

    # BEGIN options cluster        the options of the fields of a noun; after a colon, only those named
    # BEGIN suboptions schedule    all options of the module for one, for the entries of a list
    # BEGIN object schedule        `contains` and `sample` of a returned object
    # BEGIN objects schedule       the same for a list of them
    # BEGIN error                  what returned.yml holds
    # END
"""

import os
import re
import sys
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, f"{os.environ['TREE']}/link")

from ansible_collections.astera.data_stack.plugins.module_utils._resources import (  # noqa: E402
    cluster,
    server_config_fields,
)
from ansible_collections.astera.data_stack.plugins.module_utils._resources.deployment import (  # noqa: E402
    read as deployment,
)
from ansible_collections.astera.data_stack.plugins.module_utils._resources.schedule import (  # noqa: E402
    frequency,
)
from ansible_collections.astera.data_stack.plugins.module_utils._resources.schedule import (  # noqa: E402
    read as schedule,
)

FIELDS = {
    "cluster": cluster.FIELDS,
    "server_config": server_config_fields.FIELDS,
    "deployment": deployment.FIELDS,
    "schedule": (*schedule.FIELDS, *frequency.TIMES),
}
GROUPS = {**server_config_fields.GROUPS, **frequency.GROUPS}
#: What a schedule is returned with besides its fields: described by the options of its module.
FURTHER = {
    "schedule": {"deployment": "Orders", "daily": {"start_time": "2026-12-01T04:30:00.0000000+01:00"}, "schedule": None}
}
#: Options that are not returned.
ASKED_ONLY = {"daily.at", "daily.utc_offset"}
RETURNED = yaml.safe_load((ROOT / "tests/tools/returned.yml").read_text())

_BLOCK = re.compile(r"^(?P<indent> *)# BEGIN (?P<what>.+)\n(?:.*\n)*?(?P=indent)# END\n", re.MULTILINE)


class Dumper(yaml.SafeDumper):
    """Indents lists as ansible-lint wants them, never writes anchors, leaves null empty."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


Dumper.add_representer(type(None), lambda dumper, _none: dumper.represent_scalar("tag:yaml.org,2002:null", ""))


def paragraphs(description: Any) -> list[str]:
    return [description] if isinstance(description, str) else list(description)


def described(description: Any) -> Any:
    texts = paragraphs(description)
    return texts[0] if len(texts) == 1 else texts


def options(noun: str, names: list[str]) -> dict[str, Any]:
    """The options of the fields, in the order of the names; all that no other place of the module describes."""
    found: dict[str, Any] = {}
    for field in FIELDS[noun]:
        *groups, name = field.option.split(".")
        if (groups or [name])[0] not in names:
            continue
        if not field.description:
            raise SystemExit(f"module_docs: the field {field.option!r} of the {noun} has no description")
        level = found
        for group in groups:
            start = {"description": described(GROUPS[group]), "type": "dict", "suboptions": {}}
            level = level.setdefault(group, start)["suboptions"]
        level[name] = {"description": described(field.description), "type": field.type}
    return {name: found[name] for name in names}


def top_level(noun: str) -> list[str]:
    return list(dict.fromkeys(field.option.split(".")[0] for field in FIELDS[noun]))


def first_sentence(description: Any) -> str:
    return re.split(r"(?<=\.) (?=[A-Z])", paragraphs(description)[0])[0]


def for_result(description: Any) -> str:
    """The first sentence about an option, for the returned value, where the option may be another module's."""
    return re.sub(r"\bO\(([^)]*)\)", r"C(\1)", first_sentence(description))


def contains(noun: str) -> dict[str, Any]:
    """The keys of a returned object."""
    found: dict[str, Any] = {}
    for field in FIELDS[noun]:
        if field.secret or field.option in ASKED_ONLY:
            continue
        *groups, name = field.option.split(".")
        level = found
        for group in groups:
            start = {"description": for_result(GROUPS[group]), "type": "dict", "contains": {}}
            level = level.setdefault(group, start)["contains"]
        level[name] = {"description": for_result(field.description), "type": field.type}
    own = documented(f"astera_{noun}")["options"]
    for name in FURTHER.get(noun, ()):
        if name not in found:
            found[name] = {
                "description": for_result(own[name]["description"]),
                "type": own[name]["type"],
            }
    return found


def sample(noun: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for field in FIELDS[noun]:
        if field.secret or field.option.startswith("daily."):
            continue
        *groups, name = field.option.split(".")
        level = found
        for group in groups:
            level = level.setdefault(group, {})
        level[name] = field.sample
    return {**found, **FURTHER.get(noun, {})}


def documented(module: str, block: str = "DOCUMENTATION") -> dict[str, Any]:
    """The documentation of a module, with the options of its fragments that are not about the whole server."""
    text = (ROOT / f"plugins/modules/{module}.py").read_text().split(f'{block} = r"""', 1)[1].split('"""', 1)[0]
    return yaml.safe_load(text)


def fragment(name: str, block: str = "DOCUMENTATION") -> dict[str, Any]:
    text = (ROOT / f"plugins/doc_fragments/{name}.py").read_text()
    return yaml.safe_load(text.split(f'{block} = r"""', 1)[1].split('"""', 1)[0])["options"]


def in_short(options: dict[str, Any]) -> dict[str, Any]:
    """The options with the first sentence of each description."""
    short = {name: {**option, "description": first_sentence(option["description"])} for name, option in options.items()}
    for option in short.values():
        if "suboptions" in option:
            option["suboptions"] = in_short(option["suboptions"])
    return short


def suboptions(noun: str) -> dict[str, Any]:
    """The options of an entry of a list: those of the module for one, with references that begin at the list.

    Only the first sentence of each. The documentation of the list refers to the module for one.
    """
    own = dict(documented(f"astera_{noun}")["options"])
    if noun == "job":
        name = {
            "description": "Name of the job in the results, by default its path or id.",
            "type": "str",
        }
        timing = {
            key: {item: value for item, value in option.items() if item != "default"}
            for key, option in fragment("job").items()
        }
        del own["state"]
        own = {"name": name, **own, **fragment("job", "STATUSES"), **fragment("openapi", "JOBS"), **timing}
    else:
        own.update({**fragment("extra_fields"), **fragment("openapi", "DELETE")})
    own = in_short(own)
    if "active" in own:
        own["active"]["description"] += " By default V(true), if the server shows whether it is active."
    text = yaml.dump(own, Dumper=Dumper, sort_keys=False, allow_unicode=True, width=100000)
    return yaml.safe_load(re.sub(r"\bO\((?!openapi_path)", f"O({noun}s[].", text))


def block(what: str, module: str) -> dict[str, Any]:
    """What stands between the two comments."""
    kind, _space, rest = what.partition(" ")
    noun, _colon, names = rest.partition(": ")
    if kind == "options":
        if names:
            return options(noun, names.split())
        text = (ROOT / f"plugins/modules/{module}.py").read_text()
        others = set(" ".join(re.findall(rf"# BEGIN options {noun}: (.*)", text)).split())
        return options(noun, [name for name in top_level(noun) if name not in others])
    if kind == "suboptions":
        return suboptions(noun)
    if kind == "object":
        return {"contains": contains(noun), "sample": sample(noun)}
    if kind == "objects":
        return {"contains": contains(noun), "sample": [sample(noun)]}
    return dict(RETURNED)


def rendered(module: str, text: str) -> str:
    def one(match: re.Match[str]) -> str:
        indent, what = match["indent"], match["what"]
        dumped = yaml.dump(
            block(what, module), Dumper=Dumper, sort_keys=False, allow_unicode=True, width=86 - len(indent)
        )
        body = "".join(f"{indent}{line}\n".rstrip(" ") if line else "\n" for line in dumped.splitlines())
        body = re.sub(r" +$", "", body, flags=re.MULTILINE)
        return f"{indent}# BEGIN {what}\n{body}{indent}# END\n"

    return _BLOCK.sub(one, text)


def main() -> int:
    stale = []
    # Those for one come first: the lists and the results take their options.
    for path in sorted((ROOT / "plugins/modules").glob("[!_]*.py"), key=lambda path: (path.stem[-1] == "s", path.stem)):
        old = path.read_text()
        new = rendered(path.stem, old)
        if new != old:
            stale.append(str(path.relative_to(ROOT)))
            if "--check" not in sys.argv:
                path.write_text(new)
    if "--check" in sys.argv and stale:
        print("Out of date, run make generate: " + ", ".join(stale))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
