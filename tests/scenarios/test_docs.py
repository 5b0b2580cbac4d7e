"""The page for people who come from Postman: its requests and its tasks run as they are printed, in their order."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import requests
import yaml
from astera_emulator.ftp import FtpServer

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "from-postman.md").read_text()
EXAMPLE = ROOT / "examples" / "orders"
PASSWORD = "ftp-demo-secret"
VARIABLES = {"vault_astera_password": "Admin123", "vault_ftp_password": PASSWORD}


@pytest.fixture
def ftp(emulator):
    """The FTP server of the page, on a free port; so the flow's own default differs."""
    emulator.settings.password = "Admin123"
    emulator.files.copy_tree(EXAMPLE / "server")
    with FtpServer(EXAMPLE / "ftp", password=PASSWORD) as server:
        flow = emulator.files.read(r"C:\Flows\load_orders.wf").replace(b"2121", str(server.port).encode())
        emulator.files.write(r"C:\Flows\load_orders.wf", flow)
        yield server


def test_the_requests_by_hand(emulator, ftp):
    calls = re.findall(r"^(GET|POST) `(/api/[^`]+)`\n(?:\n```json\n(.*?)```)?", PAGE, re.MULTILINE | re.DOTALL)
    assert [path for _method, path, _body in calls] == [
        "/api/account/login",
        "/api/CommandLineProcessor",
        "/api/Job/1/Status",
        "/api/Deployments",
    ]
    headers = {}
    responses = []
    for method, path, body in calls:
        response = requests.request(
            method,
            emulator.url + path,
            json=json.loads(body) if body else None,
            headers=headers,
            verify=emulator.ca_path,
            timeout=10,
        )
        assert response.status_code == 200, response.text
        responses.append(response.json())
        if "access_token" in response.text:
            headers["Authorization"] = f"Bearer {response.json()['access_token']}"
    assert re.search(r"The response contains the id of the job: `(.*)`", PAGE)[1] == json.dumps(responses[1])
    assert f'"{responses[2]}"' in PAGE


def test_the_tasks(emulator, play, ftp, tasks):
    blocks = [yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)]
    (defaults,) = [block["module_defaults"] for block in blocks if isinstance(block, dict)]
    group = defaults["group/astera.data_stack.astera"]
    group.update(server_url=emulator.url, ca_path=emulator.ca_path)
    pieces = [block for block in blocks if isinstance(block, list) and "hosts" not in block[0]]
    book = tasks(*[task for block in pieces for task in block], module_defaults=defaults)
    done = play(book, variables=VARIABLES)
    assert done.ok, done.output
    assert ftp.fetched[:2] == ["/out/orders.csv", "/out/north.csv"]
    assert sorted(ftp.fetched[2:]) == ["/out/north.csv", "/out/south.csv"]
    assert {job["status"] for job in emulator.state()["jobs"]} == {"Completed"}
    assert PASSWORD not in done.output


def test_the_whole_file(emulator, play, ftp):
    (block,) = [block for block in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL) if "hosts: localhost" in block]
    text = re.sub("ca_path: .*", f"ca_path: {emulator.ca_path}", block).replace("https://localhost:9261", emulator.url)
    done = play(yaml.safe_load(text))
    assert done.ok, done.output
    assert ftp.fetched == ["/out/orders.csv"]
    assert PASSWORD not in done.output


def test_the_commands_exist(emulator):
    """Every target of make that the page, the example and the README name exists."""
    makefile = (ROOT / "Makefile").read_text()
    for page in (PAGE, (EXAMPLE / "README.md").read_text(), (ROOT / "README.md").read_text()):
        for target in re.findall(r"(?:`|^    )make ([a-z-]+)", page, re.MULTILINE):
            assert f"\n{target}:" in makefile, target
