"""Tasks in-process and as ordinary modules, in plays of every kind: the same results, and the right way taken."""

from __future__ import annotations

import base64
import json
import re

import ansible_runner
import pytest

#: A line of -vvv that only an ordinary module brings about.
ORDINARY = re.compile(r"Using module file .*astera_(\w+)\.py")
FLOW = b'<Flow seconds="6.5" outcome="Completed"/>'
LONG_JOB = r"C:\Flows\long.wf"
SCHEDULE = {"file": r"C:\Flows\load_orders.wf", "daily": {"start_time": "2026-12-01T04:30:00Z"}}


def steps():
    """Tasks that use what plays use, and at the end one that prints everything that they registered."""
    registered = "[made, looped, listed, polled, same, once, refused, invalid, templated]"
    one, many = "astera.data_stack.astera_schedule", "astera.data_stack.astera_schedules"
    info, cluster = "astera.data_stack.astera_schedule_info", "astera.data_stack.astera_cluster"
    mine = "S {{ inventory_hostname }}"
    return [
        {one: {"name": mine, **SCHEDULE}, "register": "made"},
        {
            one: {"name": f"{mine} {{{{ item }}}}", **SCHEDULE, "extra_fields": {"api_key": "canary-field-7"}},
            "loop": [1, 1],
            "register": "looped",
        },
        {many: {"schedules": [{"name": mine, "active": False}]}, "register": "listed", "check_mode": True},
        {
            info: {"name": mine},
            "until": "polled.schedules | length == 1",
            "retries": 2,
            "delay": 0,
            "register": "polled",
        },
        {one: {"name": mine}, "vars": {"astera_retries": 0}, "register": "same", "delegate_to": "localhost"},
        {f"{cluster}_info": {}, "run_once": True, "register": "once"},
        {cluster: {"purge_job_info_after": -1}, "register": "refused", "ignore_errors": True},
        {cluster: {"purge_job_info_after": "many"}, "register": "invalid", "ignore_errors": True},
        {f"{cluster}_info": {"retries": "{{ 1 + 1 }}"}, "register": "templated"},
        {
            "ansible.builtin.debug": {
                "msg": f"STEPS {{{{ inventory_hostname }}}} {{{{ {registered} | to_json | b64encode }}}}"
            }
        },
    ]


def registered(output):
    """What ``steps`` printed, by host."""
    return {
        host: comparable(base64.b64decode(text).decode())
        for host, text in re.findall(r"STEPS (\w+) ([A-Za-z0-9+/=]+)", output)
    }


def comparable(text):
    text = re.sub(r'"(id|attempts)": \d+', r'"\1": 0', text)
    return json.loads(re.sub(r'"_ansible\w+": \w+,? ?', "", text))


@pytest.mark.in_matrix
@pytest.mark.parametrize(
    "strategy",
    [
        "linear",
        pytest.param("free", marks=pytest.mark.thorough),
        pytest.param("host_pinned", marks=pytest.mark.thorough),
    ],
)
def test_strategies(emulator, play, prepared, tasks, strategy):
    by_way = {}
    for in_process in (True, False):
        prepared(emulator)
        book = tasks(*steps(), hosts="all", strategy=strategy)
        result = play(book, "-vvv", hosts=("one", "two"), variables={"astera_in_process": in_process})
        assert result.ok, result.output[-3000:]
        assert bool(ORDINARY.search(result.output)) is not in_process
        assert "canary" not in result.output
        by_way[in_process] = registered(result.output)
        assert len(emulator.state()["schedules"]) == 4
    assert len(by_way[True]) == 2
    for host, results in by_way[True].items():
        for here, ordinary in zip(results, by_way[False][host], strict=True):
            assert here == ordinary


def test_delegated_to_the_controller_from_a_host_that_nobody_can_reach(emulator, play, tasks):
    task = {"astera.data_stack.astera_cluster": {"name": "FAR"}, "delegate_to": "localhost"}
    far = {"ansible_host": "192.0.2.1", "ansible_python_interpreter": "/opt/far/python"}
    result = play(tasks(task, connection="ssh", vars={}), "-vvv", variables=far)
    assert result.ok, result.output
    assert not ORDINARY.search(result.output)
    assert emulator.state()["cluster"]["name"] == "FAR"


def test_what_goes_as_an_ordinary_module(play, tasks):
    keywords = {
        "cluster_info": {"async": 30, "poll": 1},
        "server_info": {"environment": {"ASTERA_RETRIES": "1"}},
        "schedule_info": {"vars": {"astera_in_process": "no"}},
        "deployment_info": {},
    }
    book = tasks(*({f"astera.data_stack.astera_{name}": {}, **given} for name, given in keywords.items()))
    result = play(book, "-vvv")
    assert result.ok, result.output
    assert set(ORDINARY.findall(result.output)) == {name for name, given in keywords.items() if given}


def test_progress_of_a_job(emulator, play, tasks):
    emulator.files.write(LONG_JOB, FLOW)
    job = {"astera.data_stack.astera_job": {"path": LONG_JOB, "wait_interval": 0.5}}
    variables = {"loud": True, "quiet": False}
    book = tasks({**job, "vars": {"astera_progress": "{{ loud }}"}})
    result = play(book, variables=variables)
    assert result.ok, result.output
    lines = re.findall(r"^progress: \[etl\] job \d+ is Running, [\d.]+ s$", result.output, re.MULTILINE)
    assert len(lines) == 1, result.output


@pytest.mark.in_matrix
def test_progress_under_ansible_runner(emulator, tasks, tmp_path):
    """The way AWX sees a play: the line is in the output of the job, and the job's own events are whole."""
    emulator.files.write(LONG_JOB, FLOW)
    (tmp_path / "project").mkdir()
    job = {"astera.data_stack.astera_job": {"path": LONG_JOB, "wait_interval": 0.5}}
    run = ansible_runner.run(
        private_data_dir=str(tmp_path),
        playbook=tasks(job, {**job, "vars": {"astera_progress": False}}, hosts="localhost"),
        inventory={"all": {"hosts": {"localhost": None}}},
        extravars={
            "astera_server_url": emulator.url,
            "astera_username": "admin",
            "astera_password": "canary-password-7",
            "astera_ca_path": emulator.ca_path,
        },
        quiet=True,
    )
    with run.stdout as stream:
        output = stream.read()
    assert run.status == "successful", output
    assert output.count("progress: [localhost] job ") == 1
    done = [event for event in run.events if event["event"] == "runner_on_ok"]
    assert [event["event_data"]["res"]["job"]["succeeded"] for event in done] == [True, True]
