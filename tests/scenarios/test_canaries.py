"""Secrets turn up nowhere: not on the screen, in logs, in results, in files, nor among what other processes may see.

A play does all that the collection can, against a server that is well and one that repeats secrets in its errors, each
time written in another way. A thread looks meanwhile at the arguments and the environment of all new processes, and at
the files in the folders for temporary ones.
"""

from __future__ import annotations

import base64
import contextlib
import html
import json
import os
import re
import secrets
import shutil
import stat
import subprocess
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
import yaml
from ansible.parsing.vault import VaultLib, VaultSecret
from astera_emulator import Emulator
from astera_emulator.tokens import Tokens

C = "astera.data_stack.astera_"
FLOW, BAD_FLOW = r"C:\Flows\load_orders.wf", r"C:\Flows\fails.wf"
GOOD_FLOW = b"""<Flow seconds="0"><Variables>
  <Variable name="sourceFilePath"/><Variable name="ftpPassword"/><Variable name="ftpLogin"/><Variable name="pin"/>
</Variables></Flow>"""
TASKS = Path(__file__).with_name("canaries.yml")
CALLBACK = '''
import json, os
from ansible.plugins.callback import CallbackBase

class CallbackModule(CallbackBase):
    """Keeps the results of all tasks, as callbacks for machines do."""
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "record"

    def _keep(self, result, **more):
        with open(os.environ["RECORD"], "a") as stream:
            stream.write(json.dumps(getattr(result, "result", None) or result._result, default=repr) + "\\n")

    v2_runner_on_ok = v2_runner_on_failed = v2_runner_item_on_ok = v2_runner_item_on_failed = _keep
    v2_runner_on_async_ok = v2_runner_on_async_failed = v2_runner_on_skipped = v2_runner_retry = _keep
'''
#: A defect of a module, whose exception holds a secret, and which came about by another one that does too.
DEFECT = """
from ansible_collections.astera.data_stack.plugins.module_utils._resources import cluster
from ansible_collections.astera.data_stack.plugins.module_utils._runner.run import Runnable
{imports}

def function(client, params):
    try:
        {{}}[params["password"]]
    except KeyError as error:
        raise ValueError("cannot use " + params["password"]) from error
"""
MODULE = DEFECT.format(
    imports="from ansible_collections.astera.data_stack.plugins.module_utils._runner.module import run_module"
)
ACTION = DEFECT.format(
    imports="from ansible_collections.astera.data_stack.plugins.plugin_utils._in_process import AsteraAction"
)


def canary(name):
    """A value that the server may write in many ways, beginning with what is looked for."""
    return f'c{secrets.token_hex(5)}-{name} "\u00fc<b>/&+ end'


def as_dotnet(text):
    """A JSON string as System.Text.Json writes it."""
    return re.sub("[\"'<>&+`]|[^ -~]", lambda match: f"\\u{ord(match[0]):04X}", text)


NAMES = (
    "password",
    "repository",
    "license",
    "marked",  # secret_extra_fields, under a name that says nothing
    "named",  # extra_fields, under a name that looks secret
    "parameter",  # secret_parameters
    "inline",  # the same, as !vault within a list
    "ftp",  # parameters, under a name that looks secret
    "stored",  # known to the server alone
    "wrong",  # a password that is refused
    "token",  # that both servers give
    "waiting",  # of a task that needs a temporary file: async
)

#: What the bad server says: which secrets of those that a task knows, each time written in another way.
ALWAYS = ["password", "token"]
ECHOES = {
    "POST /api/account/login": (["wrong"], html.escape),
    "POST /api/Server/Config": (["repository", "marked"], str),
    "POST /api/Cluster": (["marked", "named", "stored"], lambda text: json.dumps(text)[1:-1]),
    "POST /api/License/Key": (["license"], str.upper),
    "POST /api/UploadFile": (["marked"], as_dotnet),
    "POST /api/Deployment": (["marked", "named"], lambda text: quote(text, safe="")),
    "POST /api/Schedule": (["marked"], quote_plus),
    "POST /api/CommandLineProcessor": (["ftp", "parameter", "inline"], lambda text: f"{text[:17]}..."),
    "GET /api/ServerInfo": ([], lambda text: base64.b64encode(f"admin:{text}".encode()).decode()),
    "GET /api/Repeated": ([], lambda text: base64.b64encode(f"admin:{text}".encode()).decode()),
    "GET /api/Job/1/Trace": (["parameter"], str),
    "GET /api/Job/77/Status": ([], lambda text: html.escape(text, quote=False)),
    "GET /api/Job/78/Status": ([], lambda text: html.escape(text).encode("ascii", "xmlcharrefreplace").decode()),
}


def processes():
    return [path for path in Path("/proc").iterdir() if path.name.isdigit()]


class Watch(threading.Thread):
    """Looks for needles among all processes that come up, and in folders, until it is stopped."""

    def __init__(self, needles, *folders):
        super().__init__(daemon=True)
        self.needles = {needle: needle.encode() for needle in needles}
        self.folders = folders
        #: (where, needle); of files also (needle, mode of the file, mode of its folder).
        self.seen = set()
        self.files = set()
        self.looks = 0
        self.others = set(processes())
        self.over = threading.Event()

    def run(self):
        while not self.over.is_set():
            for process in processes():
                if process not in self.others:
                    self.look_at_process(process)
            for folder in self.folders:
                for path in folder.rglob("*"):
                    with contextlib.suppress(OSError):
                        self.look_at_file(path)
            self.looks += 1
            time.sleep(0.1)

    def look_at_process(self, process):
        for where in ("cmdline", "environ"):
            with contextlib.suppress(OSError):
                data = (process / where).read_bytes()
                self.seen.update((where, needle) for needle, value in self.needles.items() if value in data)

    def look_at_file(self, path):
        if not path.is_file():
            return
        data = path.read_bytes()
        for needle, value in self.needles.items():
            if value in data:
                modes = (stat.S_IMODE(place.stat().st_mode) for place in (path, path.parent))
                self.files.add((needle, *modes))

    def stop(self):
        self.over.set()
        self.join()


def pieces(needle):
    """What of a needle stands in a text that holds it as it is, or as base64 of something with it inside."""
    yield needle.lower()
    for offset in range(3):
        letters = base64.b64encode(b"\0" * offset + needle.encode()).decode()
        yield letters[-(-offset * 8 // 6) : (offset + len(needle)) * 8 // 6].lower()


def leaks(text, needles):
    folded = text.lower()
    return {needle for needle in needles for piece in pieces(needle) if piece in folded}


def test_a_leak_would_be_seen():
    needle = canary("x")[:11]
    writings = [writing for _names, writing in ECHOES.values()]
    for writing in (*writings, lambda text: base64.b64encode(f"ab{text}".encode()).decode()):
        shown = html.unescape(re.sub(r"\\u(....)", lambda code: chr(int(code[1], 16)), writing(needle)))
        assert leaks(f"so: {shown}!", [needle]) == {needle}


@pytest.fixture(scope="module")
def bad(tmp_path_factory):
    """A server that repeats all secrets in what it says."""
    with Emulator(tmp_path_factory.mktemp("bad")) as emulator:
        yield emulator


def vaulted(text):
    return VaultLib([("default", VaultSecret(b"vault"))]).encrypt(text).decode()


class Inline(str):
    """A text that is written to YAML as ``!vault``."""

    __slots__ = ()


class Dumper(yaml.SafeDumper):
    pass


Dumper.add_representer(Inline, lambda dumper, text: dumper.represent_scalar("!vault", vaulted(str(text)), style="|"))


@pytest.fixture
def project(tmp_path, desired, monkeypatch):
    """A project whose secrets are in vaults, and that has a callback and a module with a defect."""
    values = {name: canary(name) for name in NAMES}
    values["token"] = values["token"].partition(" ")[0]
    monkeypatch.setattr(Tokens, "issue", lambda _tokens, _user, **_how: values["token"])
    monkeypatch.setattr(Tokens, "accepts", lambda _tokens, header: header == f"Bearer {values['token']}")
    folder = tmp_path / "canaries"
    (folder / "group_vars" / "astera").mkdir(parents=True)
    for name, content in (
        ("callback_plugins/record.py", CALLBACK),
        ("library/defect.py", MODULE + "\nrun_module(Runnable(cluster.INFO_SPEC, function))\n"),
        (
            "action_plugins/defect.py",
            ACTION + "\nclass ActionModule(AsteraAction):\n    RESOURCE = Runnable(cluster.INFO_SPEC, function)\n",
        ),
        ("vault-password", "vault"),
        ("site.yml", TASKS.read_text().replace('"INLINE"', f"!vault {json.dumps(vaulted(values['inline']))}")),
    ):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(content)
    shutil.copy(desired["astera_deployments"][0]["archive"], folder / "orders.car")
    (folder / "group_vars" / "astera" / "vault.yml").write_text(
        vaulted(yaml.safe_dump({f"vault_{name}": value for name, value in values.items()}))
    )
    desired = json.loads(json.dumps(desired))
    desired["astera_server_config"]["repository"]["password"] = "{{ vault_repository }}"
    desired["astera_server_config"]["secret_extra_fields"] = {"note": "{{ vault_marked }}"}
    desired["astera_license"]["key"] = "{{ vault_license }}"
    desired["astera_cluster"].update(
        extra_fields={"mailSetup": {"smtpPassword": "{{ vault_named }}"}},
        secret_extra_fields={"mailSetup": {"pin": "{{ vault_marked }}"}},
    )
    desired["astera_deployments"][0]["secret_extra_fields"] = {"note": "{{ vault_marked }}"}
    desired["astera_schedules"][0]["secret_extra_fields"] = {"note": "{{ vault_marked }}"}
    desired["astera_jobs"][0]["parameters"]["Variables"]["ftpPassword"] = "{{ vault_ftp }}"
    desired["astera_jobs"][0]["secret_parameters"] = {
        "Variables": {"ftpLogin": Inline(values["inline"]), "pin": "{{ vault_parameter }}"}
    }
    (folder / "group_vars" / "astera" / "main.yml").write_text(
        yaml.dump({"astera_password": "{{ vault_password }}", **desired}, Dumper=Dumper, allow_unicode=True)
    )
    return folder, values


def make_bad(bad, prepared, values):
    """Let the bad server repeat the secrets, in one of the ways for each operation."""
    prepared(bad, password=values["password"], trace_operation="GET /api/Job/{jobId}/Trace", login_failure="401")
    bad.put("cluster", {"mailSetup": {"smtpPassword": values["stored"]}})
    bad.files.write(BAD_FLOW, b'<Flow seconds="0" outcome="failed"/>')
    for operation, (names, writing) in ECHOES.items():
        method, path = operation.split()
        texts = [f"{name}: {writing(values[name])}" for name in names + ALWAYS * ("login" not in path)]
        status, body = (400, {"errors": texts})
        if path == "/api/Repeated":
            status = 200
        if path in ("/api/Job/77/Status", "/api/Job/1/Trace"):
            status, body = 200, json.dumps("Failed " + ", ".join(texts))
        # The logins of the plan, of its first step and of the tasks are to succeed; the next one has a wrong password.
        # Two starts are refused, and then a job may fail.
        nth, times = (4, 1) if "login" in path else (1, 2 if "CommandLine" in path else 999)
        bad.add_fault(method=method, path=path, status=status, body=body, nth=nth, times=times)


def inventory(emulator, bad, planted):
    """A host for each of the servers."""
    hosts = {"etl": emulator, "broken": bad}
    return {
        "astera": {
            "hosts": {
                name: {"astera_server_url": server.url, "astera_ca_path": server.ca_path}
                for name, server in hosts.items()
            },
            "vars": {
                "astera_username": "admin",
                "astera_retries": 0,
                "ansible_python_interpreter": "{{ ansible_playbook_python }}",
                "bad": {"server_url": bad.url, "ca_path": bad.ca_path},
                "planted": planted,
            },
        }
    }


def run_site(folder, places):
    """Run the playbook; what it printed."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("ASTERA_")},
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_PIPELINING": "1",
        "ANSIBLE_INJECT_INVOCATION": "1",
        "ANSIBLE_HOME": str(places["home"]),
        "ANSIBLE_REMOTE_TMP": str(places["home"] / "remote"),
        "ANSIBLE_ASYNC_DIR": str(places["home"] / "async"),
        "ANSIBLE_LOG_PATH": str(places["log"]),
        "ANSIBLE_DISPLAY_TRACEBACK": "always",
        "TMPDIR": str(places["tmp"]),
        "RECORD": str(places["record"]),
    }
    command = ["ansible-playbook", "-vvvv", "--diff", "-i", "inventory.yml", "site.yml"]
    done = subprocess.run(
        [*command, "--vault-password-file", "vault-password"],
        env=environment,
        cwd=folder,
        text=True,
        capture_output=True,
        timeout=300,
        check=False,
    )
    return done.stdout + done.stderr


@pytest.fixture
def short():
    """A folder with a short path: Ansible makes sockets in its folder for temporary files, whose names may have some
    hundred characters only."""
    with tempfile.TemporaryDirectory(prefix="a-") as name:
        yield Path(name)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("in_process", "everything"),
    [
        pytest.param(True, True, id="in-process"),
        pytest.param(False, False, id="ordinary modules", marks=pytest.mark.in_matrix),
        pytest.param(False, True, id="ordinary modules, everything", marks=pytest.mark.thorough),
    ],
)
def test_no_secret_anywhere(emulator, bad, prepared, project, tmp_path, short, in_process, everything):
    folder, values = project
    needles = {name: value[:11] for name, value in values.items()}
    planted = [f"planted-{secrets.token_hex(5)}" for _where in range(2)]
    prepared(emulator, password=values["password"])
    emulator.files.write(FLOW, GOOD_FLOW)
    make_bad(bad, prepared, values)
    hosts = inventory(emulator, bad, planted)
    hosts["astera"]["vars"] |= {"astera_in_process": in_process, "everything": everything}
    (folder / "inventory.yml").write_text(yaml.safe_dump(hosts))
    places = {name: tmp_path / name for name in ("home", "log", "record")}
    places["tmp"] = short / "t"
    for name in ("home", "tmp"):
        places[name].mkdir()
    watch = Watch([*needles.values(), *planted], places["home"], places["tmp"])
    watch.start()
    output = run_site(folder, places)
    watch.stop()
    # The host of the bad server fails in the bootstrap, and nothing else does.
    assert re.search(r"^etl .*failed=0 ", output, re.MULTILINE), output[-6000:]
    assert re.search(r"^broken .*failed=1 ", output, re.MULTILINE), output[-6000:]
    assert "ValueError: cannot use ********" in output

    left = [path for name in ("home", "tmp") for path in places[name].rglob("*") if path.is_file()]
    for path in (places["log"], places["record"], tmp_path / "license.json", *left):
        assert not leaks(path.read_text(errors="replace"), needles.values()), path
    assert not leaks(output, needles.values())
    assert stat.S_IMODE((tmp_path / "license.json").stat().st_mode) == 0o600
    check_what_was_sent(emulator.state(), values)
    check_what_others_saw(watch, planted, {needles["waiting"], needles["token"]})


def check_what_was_sent(state, values):
    """The secrets reached the server, so they were there to be found."""
    assert state["cluster"]["mailSetup"]["pin"] == values["waiting"]
    sent = [{parameter["value"] for parameter in job["parameters"]} for job in state["jobs"]]
    assert sent[0] >= {values["ftp"], values["inline"], values["parameter"]}
    assert sent[1] == {values["ftp"], values["inline"]}


def check_what_others_saw(watch, planted, in_the_background):
    """Only what was planted; and in a file, which only its user can read, the options of a task in the background."""
    assert watch.looks > 10
    assert watch.seen >= {("cmdline", planted[0]), ("environ", planted[1])}
    assert not [found for found in watch.seen if found[1] not in planted]
    assert {found[0] for found in watch.files} == in_the_background
    assert {folder_mode for _needle, _mode, folder_mode in watch.files} == {0o700}


@pytest.mark.parametrize(
    ("text", "ok"),
    [
        ("Variables: {ftpLogin: canary-survey}", True),
        ("Variables: {ftpLogin: canary-survey", False),
    ],
)
def test_secret_parameters_of_a_survey(emulator, play, tmp_path, text, ok):
    """What a survey's question of the type password sends is text, and may be none that can be read."""
    survey = tmp_path / "survey.json"
    given = {"astera_hosts": "etl", "astera_run_job_path": FLOW, "astera_run_job_secret_parameters": text}
    survey.write_text(json.dumps(given))
    # With a limit, the first play of the playbook finds no host.
    done = play("astera.data_stack.run_job", "-e", f"@{survey}", "-vvv", "--limit", "etl")
    assert done.ok is ok, done.output
    assert ("secret_parameters must be a dictionary" in done.output) is not ok
    assert "canary-survey" not in done.output
    sent = [job["parameters"] for job in emulator.state()["jobs"]]
    expected = {"actionName": "Variables", "parameterName": "ftpLogin", "value": "canary-survey"}
    assert sent == ([[expected]] if ok else [])


def test_secrets_of_wrong_types_in_the_variables_of_roles(emulator, play):
    """They are refused before the first request, by Ansible, which quotes what it cannot read."""
    variables = {
        "astera_server_config": {"repository": {"password": ["canary-1"]}, "secret_extra_fields": "canary-2"},
        "astera_cluster": {"secret_extra_fields": ["canary-3"]},
        "astera_license": {"user": "a", "organization": "b", "key": {"canary-key": "canary-4"}},
        "astera_jobs": [{"path": FLOW, "secret_parameters": "canary-5"}, {"path": FLOW, "secret_parameters": [1]}],
    }
    done = play("astera.data_stack.bootstrap", "-vvv", variables=variables)
    assert not done.ok
    assert "secret_extra_fields" in done.output
    assert "canary" not in done.output.replace("canary-password-7", "")
    assert not emulator.requests
