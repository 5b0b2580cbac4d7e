"""One cell: a sample, a request of it, a fault. Run, judged, run again without the fault, judged again."""

from __future__ import annotations

import contextlib
import importlib
import json
import re
import signal
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.astera.data_stack.plugins.module_utils._errors import KINDS
from ansible_collections.astera.data_stack.plugins.module_utils._http.connection import CONNECTION_OPTIONS
from running import WAYS

from .orders import Fault
from .place import Place
from .samples import Sample, filled_in, prepare

#: The documented password of the default account, which one of the faults repeats.
PASSWORD = "Admin123"
#: Seconds. No task of the matrix may take as long.
ENDLESS = 60
#: What is reported of a job, or of any other work, that may have been started although the response was lost.
MAYBE = "may have been started"
#: Options of the tasks where they have them: a run with a fault must not take minutes.
_HASTE = {"request_timeout": 0.6, "retries": 1, "wait_timeout": 2.5, "wait_interval": 0.05}
_VOLATILE = frozenset({"id", "updateDtTm", "createdDtTm", "activations"})
_RANDOM_SUFFIX = re.compile(r"(?<=[0-9a-f]{64})-[0-9a-f]{8}")


class EndlessError(BaseException):
    """A task that does not come to its end."""


@dataclass
class Verdict:
    """What came of one cell. ``bad`` describes what must not be."""

    result: str = "not reached"
    kind: str | None = None
    bad: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Run:
    """What a sample does on a healthy server: result, state afterwards, jobs started, and requests sent."""

    result: dict[str, Any]
    state: dict[str, Any]
    started: frozenset[int]
    requests: int

    @property
    def jobs(self) -> int:
        return len(self.started)


class Subject:
    """A sample at its place, under one variant of the server."""

    def __init__(self, place: Place, sample: Sample, *, strict: bool, way: str) -> None:
        self._place = place
        self._sample = sample
        self._strict = strict
        self._way = way
        self._variables: dict[str, Any] = {}
        self._prepare()
        self.first = self._run()
        #: On the state that the first run has left.
        self.second = self._run()

    def try_out(self, fault: Fault, index: int) -> Verdict:
        """Run with a fault at the request ``index``, from 1, then again without it, and judge."""
        emulator, stranger = self._place.emulator, self._place.stranger
        verdict = Verdict()
        self._prepare()
        fault.place(emulator, index, stranger.url)
        try:
            faulty = self._run(**fault.options)
        except Exception as error:
            verdict.bad.append(f"traceback: {error!r}")
            return verdict
        except EndlessError:
            verdict.bad.append(f"not over after {ENDLESS} s")
            return verdict
        reached = faulty.requests >= index - (1 if fault.between else 0)
        if reached:
            failed = bool(faulty.result.get("failed"))
            verdict.result = "failed" if failed else "succeeded"
            verdict.kind = faulty.result["error"]["kind"] if failed and "error" in faulty.result else None
            self._judge(faulty, verdict.bad)
        if stranger.visits():
            verdict.bad.append("something was sent to another origin")
        emulator.clear_faults()
        emulator.restart(0.0)
        self._judge_again(faulty, self._run(), verdict.bad)
        return verdict

    def _prepare(self) -> None:
        prepare(self._place.emulator, self._place.folder, self._sample.task.module, strict=self._strict)
        self._variables = {"playbook_dir": str(self._place.folder), **self._sample.secrets}
        for task in self._sample.before:
            result = self._call(task.module, task.options)
            assert not result.get("failed"), result
            if task.register:
                self._variables[task.register] = result

    def _run(self, **options: Any) -> Run:
        emulator = self._place.emulator
        sent, jobs = len(emulator.requests), {job["id"] for job in emulator.state()["jobs"]}
        result = self._call(self._sample.task.module, self._sample.task.options, **options)
        state = emulator.state()
        started = frozenset(job["id"] for job in state["jobs"]) - jobs
        return Run(result, comparable(state), started, len(emulator.requests) - sent)

    def _call(self, module: str, options: dict[str, Any], **further: Any) -> dict[str, Any]:
        emulator = self._place.emulator
        connection = {"server_url": emulator.url, "username": "admin", "password": PASSWORD}
        own = filled_in(options, self._variables)
        given = {**connection, "ca_path": emulator.ca_path, **own, **_hasty(module), **further}
        with _no_longer_than(ENDLESS):
            return dict(WAYS[self._way](module, given))

    def _judge(self, faulty: Run, bad: list[str]) -> None:
        """What a run with a fault must not do."""
        text = json.dumps(faulty.result)
        secrets = {"password": PASSWORD, **self._sample.secrets}
        bad += [f"a secret in the result: {name}" for name, secret in secrets.items() if secret in text]
        if faulty.jobs > self.first.jobs:
            bad.append(f"{faulty.jobs} jobs were started instead of {self.first.jobs}")
        bad += doubles(faulty.state)
        if not faulty.result.get("failed"):
            if faulty.state != self.first.state:
                bad.append("it reported ok, but the state is not the desired one")
            return
        error, message = faulty.result.get("error") or {}, str(faulty.result.get("msg"))
        if error.get("kind") not in KINDS or "Traceback" in text or "object at 0x" in text or "\n" in message:
            bad.append(f"not a clean failure: {message!r}")
        unreported = faulty.started - set(_job_ids(faulty.result))
        entries = faulty.result.get("results") or [faulty.result]
        doubtful = [one for one in entries if (one.get("error") or {}).get("may_have_been_applied")]
        if len(unreported) > len(doubtful) or (unreported and MAYBE not in message):
            bad.append(f"a job runs that nobody reports: {message!r}")

    def _judge_again(self, faulty: Run, again: Run, bad: list[str]) -> None:
        """What the run after it, on a healthy server, must bring about."""
        if again.result.get("failed"):
            bad.append(f"the re-run failed: {again.result.get('msg')!r}")
        elif again.state not in (self.first.state, self.second.state):
            bad.append("the re-run did not bring about the desired state")
        elif not faulty.result.get("failed") and again.result["changed"] and not self.second.result["changed"]:
            bad.append("it reported ok, but the re-run changed something")
        if again.jobs > max(self.first.jobs, self.second.jobs):
            bad.append(f"the re-run started {again.jobs} jobs")
        bad += doubles(again.state)


def _hasty(module: str) -> dict[str, Any]:
    """Those of the options that save time that the module has."""
    plugin = importlib.import_module(f"ansible_collections.astera.data_stack.plugins.action.{module}").ActionModule
    return {
        name: value for name, value in _HASTE.items() if name in {**CONNECTION_OPTIONS, **plugin.RESOURCE.spec.options}
    }


def comparable(state: dict[str, Any]) -> dict[str, Any]:
    """The state without what differs from run to run: numbers, timestamps, jobs, uploads that nothing refers to."""
    kept = {name: state[name] for name in ("config", "cluster", "license", "deployments", "schedules")}
    names = {one["id"]: one["name"] for one in state["deployments"]}
    for schedule in kept["schedules"]:
        schedule["deploymentId"] = names.get(schedule.get("deploymentId"), schedule.get("deploymentId"))
    return dict(json.loads(_RANDOM_SUFFIX.sub("", json.dumps(_without(kept, _VOLATILE)))))


def _job_ids(value: Any) -> Iterator[int]:
    """The ids of the jobs that a result shows."""
    if isinstance(value, dict):
        job = value.get("job")
        if isinstance(job, dict) and isinstance(job.get("id"), int):
            yield job["id"]
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _job_ids(inner)


def _without(value: Any, names: frozenset[str]) -> Any:
    if isinstance(value, dict):
        return {name: _without(item, names) for name, item in value.items() if name not in names}
    return [_without(item, names) for item in value] if isinstance(value, list) else value


def doubles(state: dict[str, Any]) -> list[str]:
    """Names that two deployments or schedules have."""
    return [
        f"{kind} named {name!r} exist more than once"
        for kind in ("deployments", "schedules")
        for name in sorted({one["name"] for one in state[kind]})
        if sum(one["name"] == name for one in state[kind]) > 1
    ]


@contextlib.contextmanager
def _no_longer_than(seconds: int) -> Iterator[None]:
    def end(*_signal: Any) -> None:
        raise EndlessError

    before = signal.signal(signal.SIGALRM, end)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
