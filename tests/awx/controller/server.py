"""The stand-in as a server on a free port of this machine."""

from __future__ import annotations

import socket
import threading
import time
from typing import Any

import uvicorn

from .app import Api


class Controller:
    """Runs in a thread, for as long as a ``with`` statement."""

    def __init__(self, token: str = "canary-controller-token") -> None:
        self.api = Api(token)
        self.token = token
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        config = uvicorn.Config(self.api.app(), log_level="error", lifespan="off", ws="none")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._socket]}, daemon=True)

    def __enter__(self) -> Controller:
        self._thread.start()
        while not self._server.started:
            time.sleep(0.01)
        return self

    def __exit__(self, *raised: object) -> None:
        self._server.should_exit = True
        self._thread.join(10)
        self._socket.close()

    @property
    def environment(self) -> dict[str, str]:
        """What the modules of awx.awx take from the environment."""
        return {"CONTROLLER_HOST": self.url, "CONTROLLER_OAUTH_TOKEN": self.token}

    @property
    def writes(self) -> list[tuple[str, str, int]]:
        """All requests but those that read."""
        return [request for request in self.api.requests if request[0] != "GET"]

    def prepare(self, playbooks: list[str], organization: str = "Default") -> None:
        """What an administrator has made before: an organization, an inventory, a project with these playbooks."""
        store = self.api.store
        if not store.objects["instance_groups"]:
            # What AWX comes with.
            for name in ("controlplane", "default"):
                store.write("instance_groups", {"name": name})
            for name in ("AWX EE (latest)", "AWX EE (24.6.1)", "Control Plane Execution Environment"):
                store.write("execution_environments", {"name": name, "image": f"quay.example.com/{len(name)}"})
        owner = store.write("organizations", {"name": organization})
        store.hosts[store.write("inventories", {"name": "Astera", "organization": owner})] = 2
        store.write("projects", {"name": "Astera", "organization": owner, "scm_type": "git"})
        store.playbooks["Astera"] = playbooks

    def named(self, resource: str, name: str, **others: str) -> dict[str, Any]:
        """An object as the API shows it, found by its name and perhaps other fields."""
        (found,) = self.api.store.listed(resource, {"name": name, **others})
        return found
