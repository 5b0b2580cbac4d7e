#!/usr/bin/env python
"""Write the argument specs of the roles from the documentation of the modules, so that nobody keeps two lists.

Usage: role_specs.py [--check]. With --check nothing is written, and a difference is an error.
"""

import re
import sys
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
CONNECTION = "connection"
#: The release with which all these roles came; the changelog lists them by it.
ADDED = "1.0.0"
#: role: (module, variable, whether it is a list of items, short description)
ROLES = {
    "server_config": ("astera_server_config", "astera_server_config", False, "Set the properties of the server"),
    "license": ("astera_license", "astera_license", False, "Register and activate the license"),
    "cluster": ("astera_cluster", "astera_cluster", False, "Set the cluster settings"),
    "deployments": ("astera_deployment", "astera_deployments", True, "Deploy archives"),
    "schedules": ("astera_schedule", "astera_schedules", True, "Set schedules"),
    "jobs": ("astera_job", "astera_jobs", True, "Start jobs and follow them"),
}
ALL = {
    "astera_secure_logging": {
        "description": "Hide the whole output of tasks that carry secrets. The modules redact secrets in any case.",
        "type": "bool",
        "default": False,
    },
}
#: For the roles that may register a license.
MARKER = {
    "astera_license_marker": {
        "description": [
            "The state file of a license that sets no C(marker).",
            "By default one for each host, beside the inventory. An empty text means none.",
        ],
        "type": "str",
    }
}
#: For the roles whose list goes to one module: {variable} is that of the list.
BULK = {
    "{variable}_unlisted": {
        "description": [
            "What to do with objects on the server that are not in C({variable}).",
            "V(deactivate) deactivates them; see the option C(unlisted) of M(astera.data_stack.{variable}).",
        ],
        "type": "str",
        "choices": ["keep", "deactivate"],
        "default": "keep",
    },
    "astera_continue_on_error": {
        "description": "Whether to continue with the next entry of a list when one fails; the play fails afterwards.",
        "type": "bool",
        "default": False,
    },
}
#: For the roles that may need undocumented operations.
OPENAPI = {
    "astera_openapi_path": {
        "description": "Path of the server's own OpenAPI document; see the option C(openapi_path) of the modules.",
        "type": "str",
    }
}
#: For the roles that write objects of a cluster, which several hosts may share.
THROTTLE = {
    "astera_throttle": {
        "description": [
            "How many hosts of a play may write at the same time; V(0) for all of them.",
            "Cluster settings, deployments and schedules belong to a cluster, which several hosts may share.",
            "With V(1) they take turns, and each finds the changes of the previous one.",
            "Without it, hosts take turns; in a bootstrap, only those whose servers use one repository.",
        ],
        "type": "int",
    }
}
COMPATIBILITY_REPORT = {
    "astera_compatibility_report_dir": {
        "description": [
            "Folder on the controller for the reports, one pair of files for each host.",
            "A relative path starts in the folder where ansible-playbook was started.",
        ],
        "type": "str",
        "default": "compatibility-report",
    }
}
EXPORT = {
    "astera_export_path": {
        "description": [
            "Required. The file to write, on the controller.",
            "A relative path starts in the folder where the command was started.",
            "With a slash at the end it is a folder, in which each host gets a file C(NAME.yml).",
            "Each host needs its own file: use a folder, or a path that contains C(inventory_hostname).",
        ],
        "type": "str",
    },
    "astera_export_sections": {
        "description": [
            "Sections to export: V(server_config), V(cluster), V(deployments) and V(schedules).",
            "A list, or a text with commas.",
            "All of them if it is empty.",
        ],
        "type": "raw",
    },
    "astera_export_mode": {"description": "The permissions of the file.", "type": "str", "default": "0640"},
}
BOOTSTRAP = {
    "astera_ready_timeout": {
        "description": [
            "Seconds to wait for the server at the start, as a new machine needs some minutes.",
            "By default it must respond at once.",
        ],
        "type": "float",
    },
    "astera_jobs_run": {
        "description": [
            "When to start O(astera_jobs).",
            "V(on_deploy) only if this run created or changed a deployment or a schedule, V(always), or V(never).",
        ],
        "type": "str",
        "choices": ["on_deploy", "always", "never"],
        "default": "on_deploy",
    },
}
DRIFT_REPORT = {
    "astera_drift_report_dir": {
        "description": [
            "Required. Folder on the controller for C(drift.json), C(drift.md) and C(drift.html).",
            "Created if it is missing.",
            "A relative path starts in the folder where the command was started.",
        ],
        "type": "str",
    },
    "astera_drift_report_name": {
        "description": [
            "Name of the files, without C(.json), C(.md) and C(.html).",
            "By default C(drift), and in a job of AWX C(drift-) and its number, so that each slice has its own report.",
        ],
        "type": "str",
    },
    "astera_drift_fail": {
        "description": [
            "Whether the play fails at its end when a server differs or could not be compared.",
            "The report is written before that.",
        ],
        "type": "bool",
        "default": False,
    },
    "astera_drift_wait_timeout": {
        "description": "Seconds to wait for a server that does not respond.",
        "type": "float",
        "default": 10,
    },
    "astera_drift_jobs": {
        "description": [
            "Ids of jobs whose status the report shows, since no documented endpoint lists jobs.",
            "By default the job that the playbook C(run_job) published in a workflow, if the report is on one server.",
        ],
        "type": "list",
        "elements": "int",
    },
}


def documentation(path: Path, name: str = "DOCUMENTATION") -> dict[str, Any]:
    """The YAML block of a plugin file."""
    block = path.read_text().split(f'{name} = r"""', 1)[1].split('"""', 1)[0]
    return yaml.safe_load(block)


def plain_text(text: str, prefix: str = "") -> str:
    """A description without references to options, which mean something else, or nothing, in a role."""
    return re.sub(r"\b(?:O|RV)\(([^)]*)\)", rf"C({prefix}\1)", text)


def as_variables(options: dict[str, Any], prefix: str) -> dict[str, Any]:
    """Options of a module as variables of a role.

    The types are for the modules to check: a variable may come null, empty or as text, from a survey for instance.
    Secrets are not marked. It would redact nothing, and ansible-core 2.16 then rejects a value that is ``!vault``.
    """
    variables = {}
    for name, option in options.items():
        texts = option["description"]
        described = [plain_text(text, prefix) for text in ([texts] if isinstance(texts, str) else texts)]
        variables[f"{prefix}{name}"] = {"description": described, **_typed(option)}
    return variables


def _typed(option: dict[str, Any]) -> dict[str, Any]:
    """The type that Ansible checks, and the default as a text for people."""
    kept = {"type": "str" if option["type"] in ("str", "path") and "choices" not in option else "raw"}
    return {**kept, **({"default": option["default"]} if "default" in option else {})}


def fragment_options(fragment: str, name: str = "DOCUMENTATION") -> dict[str, Any]:
    """The options that several modules share."""
    return documentation(ROOT / f"plugins/doc_fragments/{fragment}.py", name)["options"]


def together_options() -> dict[str, Any]:
    """The options for all jobs together."""
    together = {
        "description": [
            "V(false) runs one job after the other.",
            "V(true) starts all jobs, then follows them.",
        ],
        "type": "bool",
        "default": False,
    }
    only = {
        "description": [
            "Names of the entries of C(astera_jobs) to run; the others are not started, nor followed.",
            "A list, or a text with commas. The message of a failure has the names of the jobs to run again.",
        ],
        "type": "list",
    }
    return as_variables({"only": only, "together": together, **fragment_options("job")}, "astera_jobs_")


def connection_options() -> dict[str, Any]:
    options = {name: option for name, option in fragment_options("connection").items() if name != "settings"}
    # Each may come from the environment or from elsewhere, and the modules have the defaults.
    plain = {
        name: {key: value for key, value in option.items() if key not in ("default", "required")}
        for name, option in options.items()
    }
    return as_variables(plain, "astera_")


def bulk_options(variable: str) -> dict[str, Any]:
    return as_variables(yaml.safe_load(yaml.safe_dump(BULK).replace("{variable}", variable)), "")


def main_spec(description: str, details: str, options: dict[str, Any]) -> dict[str, Any]:
    return {
        "argument_specs": {
            "main": {
                "short_description": description,
                "version_added": ADDED,
                "description": [details],
                "options": options,
            },
        }
    }


def specs() -> dict[str, dict[str, Any]]:
    """The argument spec of each role."""
    connection = connection_options()
    result = {
        CONNECTION: main_spec(
            "The connection variables that all roles share",
            "The other roles of the collection import it. It has no tasks of its own.",
            connection,
        )
    }
    sections: dict[str, Any] = {}
    further: dict[str, Any] = {}
    for role, (module, variable, is_list, description) in ROLES.items():
        what = (
            f"A list of dictionaries with the options of M(astera.data_stack.{module})"
            if is_list
            else (f"A dictionary with the options of M(astera.data_stack.{module})")
        )
        if role == "jobs":
            what += ", and a C(name) for the table"
        section = {"description": [f"{what}."], "type": "raw"}
        own = together_options() if role == "jobs" else {}
        if role in ("deployments", "schedules"):
            own = bulk_options(variable)
        if own:
            own = {**own, **OPENAPI}
        if role == "license":
            own = as_variables(MARKER, "")
        if role in ("cluster", "deployments", "schedules"):
            own = {**own, **as_variables(THROTTLE, "")}
        sections[variable] = section
        further.update(own)
        result[role] = main_spec(
            description,
            "The role does not change anything that the variables do not set.",
            # Ansible would print the whole spec where a required variable is misspelt. The action names it.
            {
                variable: {**section, "description": [f"Required. {what}."]},
                **own,
                **connection,
                **as_variables(ALL, ""),
            },
        )
    result["bootstrap"] = main_spec(
        "Bring a whole server to the desired state",
        "Runs the other roles in order. A section without a variable is skipped; a failure names the step.",
        {**sections, **further, **as_variables(BOOTSTRAP, ""), **connection, **as_variables(ALL, "")},
    )
    result["compatibility_report"] = main_spec(
        "Compare a real server with the assumptions of the collection",
        "Logs in and reads, and writes a report without values. It changes nothing on the server.",
        {**OPENAPI, **COMPATIBILITY_REPORT, **connection},
    )
    result["export"] = main_spec(
        "Write a server to a file, as the variables of the role bootstrap",
        "Reads the server and writes nothing to it.",
        {**EXPORT, **connection, **as_variables(ALL, "")},
    )
    result["drift_report"] = main_spec(
        "Compare servers with their variables and write a report",
        "Takes the variables of the role bootstrap, and writes to no server. The result is JSON, Markdown and HTML.",
        {**as_variables(DRIFT_REPORT, ""), **sections, **further, **connection, **as_variables(ALL, "")},
    )
    return result


def rendered(spec: dict[str, Any]) -> str:
    head = "---\n# Written by tests/tools/role_specs.py from the documentation of the modules; do not edit.\n"
    return head + yaml.dump(spec, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)


class _Dumper(yaml.SafeDumper):
    """Indents lists as ansible-lint requires them, and never writes anchors."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


#: A name that is no module (`astera.data_stack.astera_cluster`) and no part of another word.
_VARIABLE = re.compile(r"(?<![\w.])astera_[a-z0-9_]*[a-z0-9]\b")
#: Names that Python code looks up.
_IN_PYTHON = ("astera_archives", "astera_in_process", "astera_known_variables", "astera_progress")


def known_variables(texts: dict[str, str]) -> str:
    """The module with all names of variables that stand in roles and playbooks; ``texts`` are the new specs."""
    files = [*ROOT.glob("roles/**/*.y*ml"), *ROOT.glob("playbooks/**/*.yml"), *ROOT.glob("extensions/awx/**/*.yml")]
    contents = {str(path.relative_to(ROOT)): path.read_text() for path in files} | texts
    names = sorted({*_IN_PYTHON, *(name for text in contents.values() for name in _VARIABLE.findall(text))})
    head = (ROOT / "plugins/plugin_utils/_role_variables.py").read_text().split('"""')[0]
    lines = "".join(f'        "{name}",\n' for name in names)
    return (
        f'{head}"""The variables of this collection. Written by tests/tools/role_specs.py; do not edit. Private."""\n\n'
        f"from __future__ import annotations\n\nKNOWN_VARIABLES = frozenset(\n    {{\n{lines}    }}\n)\n"
    )


def main() -> int:
    stale = []
    texts = {f"roles/{role}/meta/argument_specs.yml": rendered(spec) for role, spec in specs().items()}
    texts["plugins/plugin_utils/_known_variables.py"] = known_variables(texts)
    for name, text in texts.items():
        path = ROOT / name
        if not path.exists() or path.read_text() != text:
            stale.append(str(path.relative_to(ROOT)))
            if "--check" not in sys.argv:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
    if "--check" in sys.argv and stale:
        print("Out of date, run tests/tools/role_specs.py: " + ", ".join(stale))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
