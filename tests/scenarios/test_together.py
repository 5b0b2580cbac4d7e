"""Playbooks and hosts that work on one server at the same time."""

from __future__ import annotations

from collections import Counter

import pytest
from astera_emulator import Emulator

pytestmark = pytest.mark.in_matrix

HOSTS = [f"etl{number:02}" for number in range(1, 11)]
SCHEDULE = {"file": r"C:\Flows\load_orders.wf", "daily": {"start_time": "2026-12-01T04:30:00Z"}}
THREE = {"astera_schedules": [{"name": name, **SCHEDULE} for name in "ABC"]}


def names(emulator, kind):
    return sorted(item["name"] for item in emulator.state()[kind])


def roles(*names, **keywords):
    return [
        {
            "hosts": "astera",
            "connection": "local",
            "gather_facts": False,
            "vars": {"ansible_python_interpreter": "{{ ansible_playbook_python }}"},
            "roles": [f"astera.data_stack.{name}" for name in names],
            **keywords,
        }
    ]


def slow_writes(emulator):
    """The first write of each kind takes a while. Hosts that do not take turns look meanwhile, and find nothing."""
    for path in ("/api/Cluster", "/api/UploadFile", "/api/Schedule"):
        emulator.add_fault(method="POST", path=path, action="delay", delay=0.8)


def remove_twins(emulator):
    """What a user does in the client about schedules that share a name."""
    seen = set()
    for schedule in emulator.state()["schedules"]:
        if schedule["name"] in seen:
            emulator.remove("schedule", schedule["id"])
        seen.add(schedule["name"])


def test_ten_hosts_of_one_cluster(emulator, play, desired):
    """They take turns: the first one writes, the others find it done. Each starts its job."""
    slow_writes(emulator)
    sections = [f"astera_{section}" for section in ("cluster", "deployments", "jobs")]
    variables = {name: desired[name] for name in sections} | THREE
    result = play(roles("cluster", "deployments", "schedules", "jobs"), "-f", "10", hosts=HOSTS, variables=variables)
    assert result.ok, result.output[-3000:]
    assert names(emulator, "deployments") == ["Orders"]
    assert names(emulator, "schedules") == ["A", "B", "C"]
    assert len(emulator.state()["uploads"]) == 2
    assert len(emulator.state()["jobs"]) == 10
    writes = Counter(request.path for request in emulator.writes)
    assert (writes["/api/Cluster"], writes["/api/Deployment"], writes["/api/Schedule"]) == (1, 1, 3)
    # Three changes by the host that was first, and a job by each.
    assert result.count("changed") == 13


def test_ten_hosts_that_do_not_wait_for_each_other(emulator, play):
    """The strategy lets each host go on by itself; turns are taken all the same."""
    slow_writes(emulator)
    result = play(roles("schedules", strategy="free"), "-f", "10", hosts=HOSTS, variables=THREE)
    assert result.ok, result.output[-3000:]
    assert names(emulator, "schedules") == ["A", "B", "C"]
    assert result.count("changed") == 1


def test_only_hosts_of_one_repository_take_turns(emulator, play, tmp_path):
    """In a bootstrap, without a variable: the plan knows the repository of each server."""
    with Emulator(tmp_path / "other") as other:
        other.reset(password="canary-password-7")
        other.put("config", {"serverDbInfo": {"server": "sql02"}})
        for server in (emulator, other):
            server.files.write(r"C:\Flows\load_orders.wf", b"<Flow/>")
            slow_writes(server)
        places = {"other": {"astera_server_url": other.url, "astera_ca_path": str(other.ca_path)}}
        own = "{{ %r[inventory_hostname][%r] | default(%r) }}"
        default = {"astera_server_url": emulator.url, "astera_ca_path": str(emulator.ca_path)}
        where = {
            name: own % ({"other": places["other"], "one": {}, "two": {}}, name, default[name]) for name in default
        }
        result = play(
            "astera.data_stack.bootstrap", "-f", "5", hosts=("one", "two", "other"), variables={**THREE, **where}
        )
        assert result.ok, result.output[-3000:]
        assert names(emulator, "schedules") == names(other, "schedules") == ["A", "B", "C"]
        # Two hosts made a change: the second one of the first repository found it done.
        assert result.count("changed") == 2
        first, second = (
            [request for request in server.writes if request.path == "/api/Schedule"] for server in (emulator, other)
        )
        assert first[0].started < second[0].started + second[0].seconds
        assert second[0].started < first[0].started + first[0].seconds


@pytest.mark.thorough
def test_ten_hosts_at_once(emulator, play, desired):
    """Without turns: the server guards the names of deployments. Two schedules may be made, which is reported."""
    emulator.settings.latency = 0.02
    # While this one is under way the others read the list, and find nothing yet.
    emulator.add_fault(method="POST", path="/api/Schedule", action="delay", delay=3)
    variables = {
        "astera_deployments": desired["astera_deployments"],
        "astera_schedules": [{"name": "A", **SCHEDULE}],
        "astera_throttle": 0,
    }
    result = play(roles("deployments", "schedules"), "-f", "10", hosts=HOSTS, variables=variables)
    assert names(emulator, "deployments") == ["Orders"]
    assert set(names(emulator, "schedules")) == {"A"}
    assert len(emulator.state()["schedules"]) > 1
    assert not result.ok
    assert "schedules are named 'A' (ids 1, 2" in result.output
    remove_twins(emulator)
    again = play(roles("deployments", "schedules"), hosts=HOSTS[:1], variables=variables)
    assert again.ok, again.output
    assert again.count("changed") == 0


@pytest.mark.parametrize(
    "same", [pytest.param(True, marks=pytest.mark.thorough), False], ids=["same variables", "different variables"]
)
def test_two_bootstraps_at_once(emulator, launch, play, desired, same):
    """Each one succeeds or says in which step it failed, and one more run of each brings all about."""
    other = desired
    if not same:
        other = {
            "astera_cluster": {"purge_event_info_after": 7},
            "astera_deployments": [{**desired["astera_deployments"][0], "name": "Invoices"}],
            "astera_schedules": [{"name": "Invoices", **SCHEDULE}],
        }
    both = [launch("astera.data_stack.bootstrap", variables=variables) for variables in (desired, other)]
    for done in [running.wait() for running in both]:
        assert done.ok or "The bootstrap of etl failed in the step" in done.output, done.output
        assert "Traceback" not in done.output
    expected = ["Orders"] if same else ["Invoices", "Orders"]
    assert not Counter(names(emulator, "deployments")) - Counter(expected)
    remove_twins(emulator)
    runs = [
        play("astera.data_stack.bootstrap", variables={**variables, "astera_jobs_run": "never"})
        for variables in ([desired] if same else [desired, other])
    ]
    assert all(run.ok for run in runs), runs
    assert names(emulator, "deployments") == expected
    assert len(names(emulator, "schedules")) == len(expected)
    assert emulator.state()["cluster"]["name"] == "ORDERS"
    assert same or emulator.state()["cluster"]["purgeEventInfoAfter"] == 7
