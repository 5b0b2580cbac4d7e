"""The documented use case with the flows of the example and a real FTP server: a parameter, a file, a dataflow."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from astera_emulator.ftp import FtpServer

pytestmark = pytest.mark.in_matrix

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "orders"
FLOW = r"C:\Flows\load_orders.wf"
PASSWORD = "canary-ftp-7"
RUN_JOB = "astera.data_stack.run_job"


@pytest.fixture
def ftp(emulator):
    """The FTP server of the example; the server has the flows and names an operation for traces."""
    emulator.files.copy_tree(EXAMPLE / "server")
    emulator.settings.trace_operation = "GET /api/Job/{jobId}/Trace"
    with FtpServer(EXAMPLE / "ftp", password=PASSWORD) as server:
        yield server


@pytest.fixture
def load(play, ftp, tmp_path):
    """Run one file of the FTP server through the workflow, as a job template does."""

    def run(name, *arguments, **variables):
        values = {"sourceFilePath": f"/out/{name}.csv", "ftpPort": ftp.port, "ftpPassword": PASSWORD, **variables}
        asked = {
            "astera_run_job_path": FLOW,
            "astera_run_job_parameters": {"Variables": values},
            "astera_run_job_wait_interval": 0.2,
        }
        # In a file, as ansible-playbook itself shows what stands on the command line.
        file = tmp_path / "asked.json"
        file.write_text(json.dumps(asked))
        return play(RUN_JOB, "-e", "astera_hosts=etl", "-e", f"@{file}", *arguments)

    return run


def result_file(emulator, path=r"C:\Out\orders.csv"):
    return emulator.files.read(path).decode() if emulator.files.exists(path) else None


def test_the_file_is_fetched_and_loaded(emulator, ftp, load):
    done = load("orders")
    assert done.ok, done.output
    assert "Status:  Completed" in done.output
    assert ftp.fetched == ["/out/orders.csv"]
    source = (EXAMPLE / "ftp/out/orders.csv").read_text().splitlines()
    lines = result_file(emulator).splitlines()
    assert lines[0] == "order,customer,amount,day"
    assert len(lines) == len(source)
    assert {line.split(",")[0] for line in lines} == {line.split(",")[0] for line in source}


def test_a_parameter_says_where_to(emulator, ftp, load):
    assert load("north", resultFilePath="D:/Results/north.csv").ok
    assert result_file(emulator, r"D:\Results\north.csv")
    assert result_file(emulator) is None


#: A file, further variables, and what the trace says of it.
MISTAKES = {
    "missing": ("nothing", {}, "nothing.csv"),
    "password": ("orders", {"ftpPassword": "canary-wrong-7"}, "530"),
    "port": ("orders", {"ftpPort": 1}, "refused"),
    "row": ("west", {}, "n/a"),
    "variable": ("orders", {"colour": "red"}, "colour"),
}


def test_what_goes_wrong_is_in_the_trace(emulator, play, ftp, tasks, tmp_path):
    jobs = []
    for label, (name, variables, _reason) in MISTAKES.items():
        (job,) = jobs_of(ftp, name)
        job["parameters"]["Variables"].update(variables)
        jobs.append({**job, "name": label})
    book = tasks(
        {
            "astera.data_stack.astera_jobs": {"jobs": jobs, "wait_interval": 0.2},
            "register": "loaded",
            "ignore_errors": True,
        },
        {
            "ansible.builtin.copy": {
                "content": "{{ loaded.results | to_json }}",
                "dest": "{{ results_file }}",
                "mode": "0600",
            },
        },
    )
    file = tmp_path / "results.json"
    done = play(book, variables={"results_file": str(file)})
    assert done.ok, done.output
    results = {result["name"]: result for result in json.loads(file.read_text())}
    for label, (_name, _variables, reason) in MISTAKES.items():
        assert results[label]["error"]["kind"] == "job_failed"
        assert "ended as 'Error'" in results[label]["msg"]
        assert reason in results[label]["job"]["trace"]
        assert reason in results[label]["msg"]
    assert not any(emulator.files.exists(rf"C:\Out\{name}.csv") for name, _variables, _reason in MISTAKES.values())
    assert len(emulator.state()["jobs"]) == len(MISTAKES)
    assert "canary" not in done.output


def test_the_password_is_shown_nowhere(emulator, ftp, load):
    for values in ({}, {"ftpPassword": "canary-wrong-7"}):
        done = load("orders", "-vvvv", "--diff", **values)
        assert [line for line in done.output.splitlines() if "canary-ftp" in line] == []
        assert "canary-wrong" not in done.output


def jobs_of(ftp, *names):
    return [
        {
            "name": name,
            "path": FLOW,
            "parameters": {
                "Variables": {
                    "sourceFilePath": f"/out/{name}.csv",
                    "resultFilePath": f"C:/Out/{name}.csv",
                    "ftpPort": ftp.port,
                    "ftpPassword": PASSWORD,
                }
            },
        }
        for name in names
    ]


#: Characters of a failing step: all that is printed from its first task to the end of the failure.
MAX_FAILURE = 1500


def check_failure(output):
    """What the demo shows: three jobs, of which one fails. It is short, and the trace stands once."""
    failing = output[output.index("TASK [astera.data_stack.jobs : Start the jobs") :]
    failure, shown = failing.split("TASK [astera.data_stack.jobs : Show the ends of the traces]")
    assert "fatal: [etl]: FAILED!" in failure
    assert len(failure) <= MAX_FAILURE, output
    assert "1 of 3 jobs failed. 'west': job " in failure
    assert "line 5: the field 'amount' is not of type decimal: 'n/a'" in failure
    assert "GET" not in failure
    assert output.count("FetchOrders: fetched /out/west.csv") == 1
    assert '"initializing",\n' in shown
    table = shown.split("TASK [astera.data_stack.jobs : Show how the jobs ended]")[1].split("PLAY RECAP")[0]
    assert "... line 5: the field 'amount' is not of type decimal: 'n/a'" in table
    assert "TASK" not in table


def test_what_ends_the_task_itself_is_no_success(emulator, play, tasks):
    """In the role, a failed job fails the task after the one with the jobs."""
    emulator.files.write(FLOW, b'<Flow seconds="9"/>')
    book = tasks({"ansible.builtin.include_role": {"name": "astera.data_stack.jobs", "apply": {"timeout": 3}}})
    late = play(book, variables={"astera_jobs": [{"path": FLOW}]})
    assert not late.ok, late.output
    assert not late.ok, late.output
    # The words are the core's.
    assert re.search(r"expected time frame \(3\)|Timed out after 3 second", late.output), late.output
    wrong = play(book, variables={"astera_jobs": [{"path": ""}]})
    assert not wrong.ok, wrong.output
    assert "path must not be empty" in wrong.output


@pytest.mark.parametrize("together", [True, pytest.param(False, marks=pytest.mark.thorough)])
def test_several_and_one_of_them_fails(emulator, play, ftp, tasks, together):
    book = tasks({"ansible.builtin.include_role": {"name": "astera.data_stack.jobs"}}, module_defaults={})
    variables = {"astera_jobs_together": together, "astera_jobs": jobs_of(ftp, "north", "west", "south")}
    predicted = play(book, "--check", variables=variables)
    assert predicted.ok, predicted.output
    assert emulator.state()["jobs"] == []
    done = play(book, variables=variables)
    assert not done.ok
    assert sorted(ftp.fetched) == ["/out/north.csv", "/out/south.csv", "/out/west.csv"]
    assert result_file(emulator, r"C:\Out\north.csv")
    assert result_file(emulator, r"C:\Out\south.csv")
    assert result_file(emulator, r"C:\Out\west.csv") is None
    check_failure(done.output)
    ends = re.findall(r'"(\w+) +\d+ +(\w+) +[\d.]+', done.output)
    assert ends == [("north", "Completed"), ("west", "Error"), ("south", "Completed")]
    starts = [
        number for number, request in enumerate(emulator.requests) if request.method == "POST" and request.is_write
    ]
    looks = [number for number, request in enumerate(emulator.requests) if request.path.endswith("/Status")]
    assert (max(starts) < min(looks)) == together


def test_the_server_runs_them_in_parallel_up_to_its_limit(emulator, play, ftp, tasks):
    emulator.settings.profiles = "DEFAULT=2"
    book = tasks(
        {
            "astera.data_stack.astera_jobs": {"jobs": jobs_of(ftp, "north", "south", "orders"), "wait_interval": 0.1},
            "register": "loaded",
        },
        {"ansible.builtin.assert": {"that": "loaded.results | map(attribute='job.succeeded') | list == [true] * 3"}},
    )
    done = play(book)
    assert done.ok, done.output
    spans = [(job["trace"][1]["time"], job["endedDtTm"]) for job in emulator.state()["jobs"]]
    assert spans[1][0] < spans[0][1], "the second began before the first ended"
    assert spans[2][0] >= min(spans[0][1], spans[1][1]), "the third waited for a place"


def test_followed_in_a_later_play(emulator, play, ftp, tasks):
    """Started by one task without waiting, followed by another, asked about by a third."""
    (job,) = jobs_of(ftp, "north")
    book = tasks(
        {
            "astera.data_stack.astera_job": {"path": job["path"], "parameters": job["parameters"], "wait": False},
            "register": "started",
        },
        {"astera.data_stack.astera_job": {"job_id": "{{ started.job.id }}", "wait_interval": 0.2}, "register": "ended"},
        {
            "astera.data_stack.astera_job_info": {"job_ids": ["{{ started.job.id }}", 77]},
            "register": "asked",
        },
        {
            "ansible.builtin.assert": {
                "that": [
                    "started is changed",
                    "ended is not changed",
                    "ended.job.succeeded",
                    "asked.jobs | map(attribute='known') | list == [true, false]",
                ]
            }
        },
    )
    done = play(book)
    assert done.ok, done.output


def test_an_asynchronous_task(emulator, play, ftp, tasks):
    (job,) = jobs_of(ftp, "north")
    book = tasks(
        {
            "astera.data_stack.astera_job": {
                "path": job["path"],
                "parameters": job["parameters"],
                "wait_interval": 0.2,
            },
            "async": 60,
            "poll": 0,
            "register": "background",
        },
        {
            "ansible.builtin.async_status": {"jid": "{{ background.ansible_job_id }}"},
            "register": "done",
            "until": "done is finished",
            "retries": 60,
            "delay": 1,
        },
        {"ansible.builtin.assert": {"that": "done.job.succeeded"}},
    )
    done = play(book)
    assert done.ok, done.output
    assert len(emulator.state()["jobs"]) == 1


def test_only_the_failed_one_runs_again(emulator, play, ftp, tasks):
    """By the variable that the failure names. With -v, Ansible prints the result too, and the trace once."""
    book = tasks({"ansible.builtin.include_role": {"name": "astera.data_stack.jobs"}})
    jobs = {"astera_jobs": jobs_of(ftp, "north", "south", "west"), "astera_jobs_wait_interval": 0.2}
    output = play(book, "-v", variables={**jobs, "astera_jobs_together": True}).output
    assert output.count("FetchOrders: fetched /out/west.csv") == 1
    failing = output[output.index("TASK [astera.data_stack.jobs : Start the jobs") : output.index("PLAY RECAP")]
    assert len(failing) <= 4 * MAX_FAILURE, output
    (advice,) = set(re.findall(r"-e (astera_jobs_only=\w+)", output))
    again = play(book, "-e", advice, variables=jobs)
    assert "1 of 1 jobs failed. 'west': job 4 " in again.output
    assert len(emulator.state()["jobs"]) == 4


def test_a_bootstrap_whose_job_failed_says_that_it_was_not_run_again(emulator, play, ftp, desired):
    variables = {"astera_deployments": desired["astera_deployments"], "astera_jobs": jobs_of(ftp, "west")}
    first = play("astera.data_stack.bootstrap", variables=variables)
    assert not first.ok
    failure, table = first.output.split("[astera.data_stack.bootstrap : Name the step that failed]")
    assert "1 of 1 jobs failed. 'west': job 1 ended" in failure
    assert "1 of 1 jobs failed" not in table
    assert "in the step jobs. See the failure above" in table
    assert "runs no jobs, unless astera_jobs_only names them or astera_jobs_run is always." in table
    assert "seconds  reason" not in failure
    assert "seconds  reason" in table
    second = play("astera.data_stack.bootstrap", variables=variables)
    assert second.ok
    assert "Jobs not run: 1, as this run deploys nothing new (-e astera_jobs_run=always runs them)." in second.output
    assert "seconds  reason" not in second.output
    assert len(emulator.state()["jobs"]) == 1
    # Who names a job wants it to run.
    named = ("astera.data_stack.bootstrap", "-e", "astera_jobs_only=west")
    assert play(*named, "--check", variables=variables).count("changed") == 1
    assert not play(*named, variables=variables).ok
    assert len(emulator.state()["jobs"]) == 2
