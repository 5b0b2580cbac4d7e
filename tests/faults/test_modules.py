"""A fault at every request of every module's samples: success, or one clean failure that a plain re-run fixes."""

from __future__ import annotations

import pytest

from .cells import Subject
from .samples import MODULES, samples
from .selection import ALL, faults_for

#: The exhaustive run tries both variants of the server; a slice has each sample in one of them.
VARIANTS = ("default", "strict")
SAMPLES = [sample for module in MODULES for sample in samples(module)]


def test_every_module_has_a_sample():
    assert {sample.task.module for sample in SAMPLES} == set(MODULES)


@pytest.mark.slow
@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("sample", SAMPLES, ids=[sample.title for sample in SAMPLES])
def test_a_fault_at_every_request(place, record, sample, variant):
    subject = Subject(place, sample, strict=variant == "strict", way="module" if variant == "strict" else "action")
    assert not subject.first.result.get("failed"), subject.first.result
    bad = []
    for index in range(1, subject.first.requests + 1):
        point = f"request {index}"
        if not ALL and (index % 2 == 0) != (variant == "strict"):
            continue
        for fault in faults_for(f"{sample.title} {point}"):
            verdict = subject.try_out(fault, index)
            bad += record(sample.task.module, f"{sample.title}, {point}, {variant}", fault.name, verdict)
    assert not bad, "\n".join(bad)
