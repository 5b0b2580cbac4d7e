"""Whatever a task is asked: what check mode predicts is what the real run then does, and a second run does nothing."""

from __future__ import annotations

import hypothesis
import pytest
from hypothesis import strategies as st

# That both ways do the same is compared in every other test here.
pytestmark = [
    pytest.mark.in_matrix,
    # Hypothesis also takes values from the modules that are loaded by then, so the ways may get different examples.
    pytest.mark.unsteady,
    pytest.mark.parametrize("way", ["module", pytest.param("action", marks=pytest.mark.thorough)], indirect=True),
]

BOOL, DAYS = st.booleans(), st.integers(0, 9999)
NAME = st.sampled_from(["A", "B", "Ä ö", "x" * 255])
COMMENT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=20)
PATH = st.sampled_from([r"C:\a.wf", "c:/A.WF", r"D:\b.df", r"\\share\c.wf"])
EXTRA = st.dictionaries(
    st.sampled_from(["futureField", "mailSetup", "other"]),
    st.recursive(
        st.none() | BOOL | DAYS | COMMENT,
        lambda inner: st.dictionaries(st.sampled_from("ab"), inner, min_size=1) | st.lists(inner, max_size=2),
    ),
    max_size=2,
)


def options(**strategies):
    return st.fixed_dictionaries({}, optional={**strategies, "extra_fields": EXTRA})


CLUSTER = options(
    name=NAME,
    send_error_info=BOOL,
    purge_job_info_after=DAYS,
    staging_directory=PATH,
    pause_all_servers=BOOL,
    pause_servers_from=st.sampled_from(["", "22:00"]),
    share_file_system=BOOL,
)
DEPLOYMENT = options(comment=COMMENT, encrypt_files=BOOL, active=BOOL, config_path=st.sampled_from(["", r"C:\x.cfg"]))
SCHEDULE = options(
    active=BOOL,
    skip_if_running=BOOL,
    pushdown=BOOL,
    trace_level=st.sampled_from(["Job", "None"]),
    daily=st.one_of(
        st.fixed_dictionaries(
            {"at": st.sampled_from(["04:30", "23:59:59"])},
            optional={"utc_offset": st.sampled_from(["+00:00", "-07:00"])},
        ),
        st.fixed_dictionaries(
            {"start_time": st.sampled_from(["2026-12-01T04:30:00Z", "2026-12-01T05:30:00.0000001+01:00"])}
        ),
    ),
    file=PATH,
)

PROPERTY = hypothesis.settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture, hypothesis.HealthCheck.too_slow],
)


def check_prediction(emulator, run, module, wanted):
    writes = len(emulator.writes)
    predicted = run(module, check=True, **wanted)
    assert len(emulator.writes) == writes
    assert not predicted.failed, predicted
    real = run(module, **wanted)
    assert not real.failed, real
    assert (real.changed, real.changes, real.diff) == (predicted.changed, predicted.changes, predicted.diff)
    again = run(module, **wanted)
    assert not again.changed, again.changes
    assert not run(module, check=True, **wanted).changed


@PROPERTY
@hypothesis.given(wanted=CLUSTER)
def test_cluster(any_emulator, run, wanted):
    check_prediction(any_emulator, run, "cluster", wanted)


@PROPERTY
@hypothesis.given(wanted=DEPLOYMENT)
def test_deployment(any_emulator, run, archive, wanted):
    if not any_emulator.state()["deployments"]:
        any_emulator.files.write(r"C:\Deployment\a.car", b"x")
        run("deployment", name="D", archive_path=r"C:\Deployment\a.car")
    check_prediction(any_emulator, run, "deployment", {"name": "D", **wanted})


@PROPERTY
@hypothesis.given(wanted=SCHEDULE)
def test_schedule(any_emulator, run, wanted):
    # In which zone a start time is shown again has a test of its own; here the texts are compared.
    any_emulator.settings.start_time_offset = "as_sent"
    if not any_emulator.state()["schedules"]:
        run("schedule", name="S", file=r"C:\a.wf", daily={"at": "01:00", "utc_offset": "+00:00"})
    check_prediction(any_emulator, run, "schedule", {"name": "S", **wanted})


@PROPERTY
@hypothesis.given(wanted=SCHEDULE, number=st.integers(0, 10**9))
def test_new_schedule(any_emulator, run, wanted, number):
    whole = {"file": r"C:\a.wf", "daily": {"start_time": "2026-12-01T04:30:00Z"}, **wanted, "name": f"S{number}"}
    predicted = run("schedule", check=True, **whole)
    if any(s["name"] == whole["name"] for s in any_emulator.state()["schedules"]):
        return
    real = run("schedule", **whole)
    assert (real.changed, real.changes) == (predicted.changed, predicted.changes)
    assert not run("schedule", **whole).changed
