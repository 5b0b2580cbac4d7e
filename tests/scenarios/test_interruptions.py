"""What is interrupted: Ctrl-C, ``timeout:``, killed processes, a machine that sleeps, tasks in the background.

Real processes. Afterwards the server must be whole, and the next run must bring it to the wanted state.
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
import time

import pytest

pytestmark = pytest.mark.in_matrix

MIB = 2**20
#: More than the buffers of a connection hold, so that it is under way while the server does not read.
ARCHIVE_SIZE = 20 * MIB
LONG = r"C:\Flows\long.wf"
DEPLOYMENT = "astera.data_stack.astera_deployment"
SCHEDULES = "astera.data_stack.astera_schedules"
JOB = "astera.data_stack.astera_job"
NAMES = ["A", "B", "C", "D"]
DAILY = {"file": r"C:\Flows\load_orders.wf", "daily": {"start_time": "2026-12-01T04:30:00Z"}}
SCHEDULE_LIST = {SCHEDULES: {"schedules": [{"name": name, **DAILY} for name in NAMES]}}

ways = pytest.mark.parametrize("in_process", [True, False], ids=["worker", "module"])


@pytest.fixture
def deployment(tmp_path):
    path = tmp_path / "large.car"
    path.write_bytes(os.urandom(ARCHIVE_SIZE))
    return {DEPLOYMENT: {"name": "Orders", "archive": str(path)}}


@pytest.fixture
def long_job(emulator):
    emulator.files.write(LONG, b'<Flow seconds="3"/>')
    return {JOB: {"path": LONG, "wait_interval": 0.2}}


def asked(emulator, path):
    return sum(request.path == path for request in emulator.requests)


def whole(emulator):
    """Whether every deployment names an archive that is on the server as a whole."""
    uploads = {upload["path"]: upload["size"] for upload in emulator.state()["uploads"]}
    return all(
        uploads.get(deployment["clusterArchiveFilePath"]) == ARCHIVE_SIZE
        for deployment in emulator.state()["deployments"]
    )


def converges(play, emulator, tasks, task):
    """The next run brings the server to the wanted state, and the one after it finds nothing to do."""
    checks = {"ansible.builtin.assert": {"that": ["first is success", "second is not changed"]}}
    result = play(tasks({**task, "register": "first"}, {**task, "register": "second"}, checks))
    assert result.ok, result.output
    assert whole(emulator)


@ways
def test_ctrl_c_during_an_upload(emulator, launch, play, tasks, deployment, wait_until, in_process):
    emulator.add_fault(path="/api/UploadFile", action="delay", delay=1.5)
    running = launch(tasks(deployment), variables={"astera_in_process": in_process})
    wait_until(lambda: asked(emulator, "/api/UploadFile"))
    running.press_ctrl_c()
    assert not running.wait(30).ok
    # Nothing of it goes on in the background.
    time.sleep(2)
    assert asked(emulator, "/api/UploadFile") == 1
    assert emulator.state()["deployments"] == []
    assert emulator.state()["uploads"] == []
    converges(play, emulator, tasks, deployment)
    assert len(emulator.state()["deployments"]) == 1


def test_ctrl_c_while_a_job_is_followed(emulator, launch, play, tasks, long_job, wait_until):
    """The first line names the job, so that the next run can follow it instead of starting another one."""
    running = launch(tasks(long_job))
    wait_until(lambda: asked(emulator, "/api/Job/1/Status"))
    running.press_ctrl_c()
    stopped = running.wait(30)
    assert not stopped.ok
    assert rf"progress: [etl] started job 1: {LONG}" in stopped.output
    again = play(tasks({JOB: {"job_id": 1, "wait_interval": 0.2}, "register": "job"}))
    assert again.ok, again.output
    assert [job["status"] for job in emulator.state()["jobs"]] == ["Completed"]


def test_ctrl_c_between_the_writes_of_a_list(emulator, launch, play, tasks, wait_until):
    emulator.add_fault(method="POST", path="/api/Schedule", nth=3, action="delay", delay=1)
    running = launch(tasks(SCHEDULE_LIST))
    wait_until(lambda: asked(emulator, "/api/Schedule") == 3)
    running.press_ctrl_c()
    assert not running.wait(30).ok
    time.sleep(1.5)  # what was under way may still arrive
    assert [item["name"] for item in emulator.state()["schedules"]][:2] == ["A", "B"]
    converges(play, emulator, tasks, SCHEDULE_LIST)
    assert sorted(item["name"] for item in emulator.state()["schedules"]) == NAMES


def test_a_timeout_in_the_worker(emulator, play, tasks, long_job, deployment):
    """``timeout`` of the task ends the work where it stands. What is needed to go on is on the screen."""
    emulator.add_fault(path="/api/UploadFile", action="delay", delay=9)
    emulator.files.write(LONG, b'<Flow seconds="9"/>')
    cut = {"timeout": 3, "ignore_errors": True}
    result = play(
        tasks(
            {**long_job, **cut, "register": "job"},
            {**deployment, **cut, "register": "deployed"},
            {"ansible.builtin.assert": {"that": ["job is failed", "deployed is failed"]}},
        )
    )
    assert result.ok, result.output
    # The words are the core's.
    assert len(re.findall(r"expected time frame \(3\)|Timed out after 3 second", result.output)) >= 2
    assert "progress: [etl] started job 1: " in result.output
    assert len(emulator.state()["jobs"]) == 1
    assert emulator.state()["deployments"] == []
    assert emulator.state()["uploads"] == []
    converges(play, emulator, tasks, deployment)


def test_a_timeout_of_an_ordinary_module(emulator, play, tasks, deployment, wait_until):
    """Ansible reports the failure. The module's process goes on, so that its write comes all the same, once.

    Not always: with the newest core it dies with the worker if that is still there when the play ends.
    """
    for seconds in (2, 6, 20):  # a slow machine has not even started the module after two
        emulator.clear_faults()
        emulator.add_fault(path="/api/UploadFile", action="delay", delay=seconds + 2)
        result = play(tasks({**deployment, "timeout": seconds, "vars": {"astera_in_process": False}}))
        assert not result.ok
        with contextlib.suppress(AssertionError):
            wait_until(lambda: asked(emulator, "/api/UploadFile"), 10)
            break
    with contextlib.suppress(AssertionError):
        wait_until(lambda: emulator.state()["deployments"], seconds + 10)
    converges(play, emulator, tasks, deployment)
    assert len(emulator.state()["deployments"]) == 1


@pytest.mark.parametrize("moment", ["write", "wait"])
def test_a_killed_worker(emulator, launch, play, tasks, long_job, deployment, wait_until, moment):
    path = {"write": "/api/Deployment", "wait": "/api/Job/1/Status"}[moment]
    if moment == "write":
        emulator.add_fault(path=path, action="delay", delay=1)
    running = launch(tasks(long_job if moment == "wait" else deployment))
    wait_until(lambda: asked(emulator, path))
    for worker in running.workers:
        os.kill(worker, signal.SIGKILL)
    died = running.wait(60)
    assert not died.ok
    assert "A worker was found in a dead state" in died.output
    if moment == "wait":
        assert "started job 1: " in died.output
        assert len(emulator.state()["jobs"]) == 1
        return
    time.sleep(1)
    assert whole(emulator)
    converges(play, emulator, tasks, deployment)
    assert len(emulator.state()["deployments"]) == 1


def test_a_killed_ansible_playbook(emulator, launch, play, tasks, deployment, wait_until):
    """Its worker is a process of its own and may finish the task, or not: either is whole."""
    emulator.add_fault(path="/api/UploadFile", action="delay", delay=1)
    running = launch(tasks(deployment))
    wait_until(lambda: asked(emulator, "/api/UploadFile"))
    workers = running.workers
    assert workers
    running.process.kill()
    running.wait(30)
    wait_until(lambda: not any(is_alive(worker) for worker in workers), 30)
    assert whole(emulator)
    converges(play, emulator, tasks, deployment)
    assert len(emulator.state()["deployments"]) == 1


def is_alive(pid):
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True
    return False


def test_a_machine_that_sleeps_while_it_waits(emulator, launch, tasks, long_job, wait_until):
    """Meanwhile the server restarts, which cuts the connection and ends the token, and the job goes on to its end."""
    running = launch(tasks(long_job))
    wait_until(lambda: asked(emulator, "/api/Job/1/Status"))
    everyone = [running.process.pid, *running.workers]
    for process in everyone:
        os.kill(process, signal.SIGSTOP)
    emulator.restart(seconds=0.2)
    wait_until(lambda: emulator.state()["jobs"][0]["status"] == "Completed")
    for process in everyone:
        os.kill(process, signal.SIGCONT)
    woken = running.wait(60)
    assert woken.ok, woken.output
    assert sum(request.is_login for request in emulator.requests) == 2
    assert len(emulator.state()["jobs"]) == 1


def test_in_the_background(emulator, play, tasks, long_job, deployment, tmp_path):
    """``async`` with ``poll: 0``, and ``async_status`` later."""
    begun = {"job": long_job, "deployed": deployment, "scheduled": SCHEDULE_LIST}
    status = "ansible.builtin.async_status"
    later = [
        {
            status: {"jid": f"{{{{ {name}.ansible_job_id }}}}"},
            "register": f"{name}_end",
            "until": f"{name}_end is finished",
            "retries": 100,
            "delay": 0.2,
        }
        for name in begun
    ]
    checks = [
        "job_end.job.succeeded and job_end.job.id == 1 and job_end is changed",
        "deployed_end.deployment.name == 'Orders' and deployed_end.uploads | length == 1",
        "scheduled_end.results | map(attribute='changed') | list == [true, true, true, true]",
    ]
    book = tasks(
        *({**task, "async": 60, "poll": 0, "register": name} for name, task in begun.items()),
        *later,
        {"ansible.builtin.assert": {"that": checks}},
        *({status: {"jid": f"{{{{ {name}.ansible_job_id }}}}", "mode": "cleanup"}} for name in begun),
    )
    folder = tmp_path / "async"
    result = play(book, env={"ANSIBLE_ASYNC_DIR": str(folder)})
    assert result.ok, result.output
    assert len(emulator.state()["jobs"]) == 1
    assert whole(emulator)
    assert sorted(item["name"] for item in emulator.state()["schedules"]) == NAMES
    assert not list(folder.iterdir())
