"""One server for all tests, made fresh before each of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from astera_emulator import Emulator


class Api:
    """A client that trusts the emulator's CA and can log in."""

    def __init__(self, emulator: Emulator) -> None:
        """Take the server."""
        self.emulator = emulator
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.verify = emulator.ca_path

    def login(self, **changes: Any) -> requests.Response:
        """Log in and use the token from now on."""
        response = self.post("account/login", {"User": "admin", "Password": "Admin123", "RememberMe": True, **changes})
        if response.ok and "access_token" in response.text:
            self.session.headers["Authorization"] = f"Bearer {response.json()['access_token']}"
        return response

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        """Call an operation by its path below /api/."""
        return self.session.request(method, f"{self.emulator.url}/api/{path}", timeout=10, **options)

    def get(self, path: str, **options: Any) -> requests.Response:
        """GET."""
        return self.call("GET", path, **options)

    def post(self, path: str, body: Any = None, **options: Any) -> requests.Response:
        """POST a JSON body."""
        return self.call("POST", path, json=body, **options)

    def ok(self, path: str, body: Any) -> requests.Response:
        """POST what must succeed."""
        response = self.post(path, body)
        assert response.status_code == 200, response.text
        return response

    def upload(
        self, content: bytes = b"car", name: str = "Testing", part: str = "ArchiveFile", kind: str = "Car"
    ) -> Any:
        """Upload a file."""
        query = {"FileTypes": kind, "TargetFileName": name}
        return self.call("POST", "UploadFile", params=query, files={part: ("local.car", content)})


def wait_until(condition: Callable[[], Any], seconds: float = 30.0) -> Any:
    """Wait for what must come true, however slow the machine is; return what the condition gave."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, "it did not come true"
        time.sleep(0.002)
    return value


@pytest.fixture
def until() -> Callable[..., Any]:
    """Give what waits for a condition."""
    return wait_until


@pytest.fixture
def ended() -> Callable[[Emulator, int], dict[str, Any]]:
    """Give what waits for the end of a job and returns it."""

    def wait(emulator: Emulator, number: int) -> dict[str, Any]:
        def job() -> dict[str, Any] | None:
            found = next(job for job in emulator.state()["jobs"] if job["id"] == number)
            return found if found["endedDtTm"] else None

        return wait_until(job)

    return wait


@pytest.fixture
def connect() -> type[Api]:
    """Give what makes a client of any emulator."""
    return Api


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """Run one server."""
    with Emulator(tmp_path_factory.mktemp("server")) as emulator:
        yield emulator


@pytest.fixture
def emulator(server: Emulator) -> Emulator:
    """Give a fresh server; restarts are short."""
    server.reset(restart_seconds=0.05, restart_delay=0.1, job_seconds=0.1)
    return server


@pytest.fixture
def anonymous(emulator: Emulator) -> Api:
    """Give a client without a token."""
    return Api(emulator)


@pytest.fixture
def api(anonymous: Api) -> Api:
    """Give a client that is logged in."""
    anonymous.login()
    return anonymous
