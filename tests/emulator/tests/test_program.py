"""Stop and start, and the command line."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

from astera_emulator import Emulator
from astera_emulator.settings import markdown_table

COMMAND = [sys.executable, "-m", "astera_emulator"]


class Program:
    """The command, running in a process of its own."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        """Start it and wait until it is ready."""
        ready = folder / "ready.json"
        ready.unlink(missing_ok=True)
        command = [*COMMAND, "--port", "0", "--ready-file", str(ready), *arguments]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        while not ready.exists():
            assert self.process.poll() is None
            time.sleep(0.01)
        self.facts = json.loads(ready.read_text())
        self.url, self.ca_path = self.facts["url"], self.facts["ca_path"]

    def end(self, number: int = signal.SIGTERM) -> int:
        """End it; return the largest resident size it ever had, in the unit of getrusage."""
        self.process.send_signal(number)
        _pid, status, usage = os.wait4(self.process.pid, 0)
        self.process.returncode = os.waitstatus_to_exitcode(status)
        assert self.process.returncode == 0
        assert self.process.stdout is not None
        self.output = self.process.stdout.read()
        self.process.stdout.close()
        return usage.ru_maxrss


def run(*arguments: str) -> subprocess.CompletedProcess:
    """Run the command to its end."""
    return subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, timeout=20, check=False)


@pytest.mark.parametrize("survive", ["no", "yes"])
def test_state_survives_stop_and_start(tmp_path, survive, connect):
    settings = {"tokens_survive_restart": survive}
    with Emulator(tmp_path, settings=settings) as first:
        api = connect(first)
        api.login()
        api.ok("Deployment", {"name": "a"})
        api.upload()
        api.ok("CommandLineProcessor", {"FilePath": "C:\\a.df"})
        before, certificate = first.state(), Path(first.ca_path).read_bytes()
        first.stop()
        first.stop()
        first.start()
        assert api.get("Deployments").status_code == (200 if survive == "yes" else 401)
    with Emulator(tmp_path, settings=settings) as second:
        after = second.state()
        for name in ("config", "cluster", "license", "deployments", "schedules", "uploads"):
            assert after[name] == before[name]
        assert len(after["jobs"]) == 1
        assert Path(second.ca_path).read_bytes() == certificate
        assert second.files.exists("C:\\Deployment\\Testing.car")
        api.emulator = second
        assert api.get("Deployments").status_code == (200 if survive == "yes" else 401)
        api.login()
        assert api.get("Deployments").json() == before["deployments"]


def test_a_taken_port_is_an_error(emulator, tmp_path):
    with pytest.raises(OSError):
        Emulator(tmp_path, port=int(emulator.url.rpartition(":")[2])).start()
    ended = run("--port", emulator.url.rpartition(":")[2])
    assert ended.returncode == 2
    assert ended.stderr.rstrip().endswith("choose another port with --port")


def test_command(tmp_path):
    flows = tmp_path / "files" / "C" / "Flows"
    flows.mkdir(parents=True)
    (flows / "load.wf").write_text('<Flow seconds="0"/>')
    state, log = tmp_path / "state", tmp_path / "log.jsonl"
    arguments = ["--state-dir", str(state), "--log", str(log), "--files", str(tmp_path / "files"), "--strict"]
    arguments += ["--set", "login_failure=403", "--fault", "GET /api/Cluster action=status status=503 body=busy"]
    program = Program(tmp_path, *arguments)
    assert program.facts["pid"] == program.process.pid
    login = {"User": "admin", "Password": "Admin123", "RememberMe": 1}
    with requests.Session() as session:
        session.trust_env, session.verify = False, program.ca_path
        assert session.post(f"{program.url}/api/account/login", json={}).status_code == 403
        token = session.post(f"{program.url}/api/account/login", json=login).json()["access_token"]
        session.headers["Authorization"] = f"Bearer {token}"
        assert session.get(f"{program.url}/api/Cluster").text == "busy"
        job = {"FilePath": "C:\\Flows\\load.wf", "Parameters": [{"ParameterName": "DbPassword", "Value": "canary-pin"}]}
        assert session.post(f"{program.url}/api/CommandLineProcessor", json=job).json()["JobId"] == "1"
    shown = run("--show-state", str(state))
    program.end(signal.SIGINT)
    lines = program.output.splitlines()
    assert lines[:2] == [f"url: {program.url}", f"ca_path: {program.ca_path}"]
    assert json.loads(shown.stdout)["config"]["serverDbInfo"]["password"] == "********"
    assert "canary-pin" not in shown.stdout and "initial-secret" not in shown.stdout
    logged = [json.loads(line) for line in log.read_text().splitlines()]
    assert [line["status"] for line in logged] == [403, 200, 503, 200]
    assert token not in log.read_text() and "Admin123" not in log.read_text()


def test_plain_http(tmp_path):
    program = Program(tmp_path, "--plain-http")
    assert program.url.startswith("http://localhost:")
    login = {"User": "admin", "Password": "Admin123"}
    response = requests.post(f"{program.url}/api/account/login", json=login, timeout=10)
    program.end()
    assert response.json()["access_token"]


def test_temporary_state_is_removed(tmp_path):
    program = Program(tmp_path)
    folder = Path(program.ca_path).parent
    assert folder.is_dir()
    program.end()
    assert not folder.exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["--set", "x=1"],
        ["--set", "latency"],
        ["--fault", "POST /x nope=1"],
        ["--show-state", "/none"],
        ["--files", "/none"],
    ],
)
def test_wrong_arguments(arguments):
    ended = run(*arguments)
    assert ended.returncode == 2
    assert ended.stderr.startswith("astera-emulator: ") and "Traceback" not in ended.stderr


def test_readme_has_the_table_of_settings():
    readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    assert run("--settings").stdout.strip() == markdown_table()
    assert markdown_table() in readme


class Form:
    """A multipart body of `megabytes` MiB that is never in memory as a whole."""

    head = b'--b\r\nContent-Disposition: form-data; name="ArchiveFile"; filename="big.car"\r\n\r\n'
    tail = b"\r\n--b--\r\n"

    def __init__(self, megabytes: int) -> None:
        """Take the size."""
        self.megabytes = megabytes

    def __len__(self) -> int:
        """Return the length in bytes."""
        return len(self.head) + len(self.tail) + self.megabytes * 2**20

    def __iter__(self):
        """Yield the pieces."""
        yield self.head
        piece = bytes(2**20)
        for _block in range(self.megabytes):
            yield piece
        yield self.tail


def peak_after_upload(folder: Path, megabytes: int) -> int:
    """Return the largest resident size in bytes of a server that took one upload."""
    program = Program(folder)
    with requests.Session() as session:
        session.trust_env, session.verify = False, program.ca_path
        login = {"User": "admin", "Password": "Admin123"}
        token = session.post(f"{program.url}/api/account/login", json=login).json()["access_token"]
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "multipart/form-data; boundary=b"}
        url = f"{program.url}/api/UploadFile?FileTypes=Car&TargetFileName=big"
        assert session.post(url, data=Form(megabytes), headers=headers, timeout=60).status_code == 200
    return program.end() * (1 if sys.platform == "darwin" else 1024)


def test_memory_does_not_grow_with_an_upload(tmp_path):
    growth = peak_after_upload(tmp_path, 64) - peak_after_upload(tmp_path, 1)
    assert growth < 16 * 2**20


def test_an_upload_that_is_cut_leaves_nothing(api, emulator):
    import socket
    import ssl

    host, port = "localhost", int(emulator.url.rpartition(":")[2])
    context = ssl.create_default_context(cafile=emulator.ca_path)
    with context.wrap_socket(socket.create_connection(("127.0.0.1", port)), server_hostname=host) as connection:
        head = (
            f"POST /api/UploadFile?FileTypes=Car&TargetFileName=x HTTP/1.1\r\nHost: {host}\r\nContent-Length: 9999\r\n"
        )
        head += f"Authorization: {api.session.headers['Authorization']}\r\n"
        head += "Content-Type: multipart/form-data; boundary=b\r\n\r\n"
        connection.sendall(head.encode() + Form.head + b"half")
        while not list(emulator._context.incoming.iterdir()):
            time.sleep(0.005)
    deadline = time.monotonic() + 3
    while list(emulator._context.incoming.iterdir()) and time.monotonic() < deadline:
        time.sleep(0.005)
    assert list(emulator._context.incoming.iterdir()) == []
    assert emulator.state()["uploads"] == [] and emulator.requests[-1].status == 0
