"""The two ways to run the properties: the slice of each test run, and the long one."""

from __future__ import annotations

import os
import time
from typing import Any

import hypothesis

from ansible_collections.astera.data_stack.plugins.module_utils._errors import AsteraError

LONG = os.environ.get("PROPERTIES", "slice") == "long"
#: Times as many examples as in the slice.
FACTOR = int(os.environ.get("PROPERTIES_FACTOR") or 50) if LONG else 1
#: Only the long way is random. Given in the environment, also by the Makefile, so that all processes share it.
SEED = int(os.environ.get("PROPERTIES_SEED") or time.time_ns() % 2**32) if LONG else None
DESCRIPTION = f"long, PROPERTIES_SEED={SEED} repeats it" if LONG else "the slice of every run, always the same"


def tried(function: Any, *args: Any, **kwargs: Any) -> tuple[Any, AsteraError | None]:
    """What a function returns, or the error of ours that it raises. Any other exception fails the test."""
    try:
        return function(*args, **kwargs), None
    except AsteraError as error:
        return None, error


_COMMON: dict[str, Any] = {
    # A busy machine is no defect.
    "deadline": None,
    "suppress_health_check": list(hypothesis.HealthCheck),
    # Nothing is left behind in the checkout; the seed and the printed blob repeat a failure.
    "database": None,
    "print_blob": True,
}
hypothesis.settings.register_profile("slice", derandomize=True, **_COMMON)
hypothesis.settings.register_profile("long", derandomize=False, **_COMMON)


def prop(examples: int, **strategies: Any) -> Any:
    """Decorator of a property: so many examples in the slice, drawn from these strategies."""

    def decorate(test: Any) -> Any:
        profile = hypothesis.settings.get_profile("long" if LONG else "slice")
        given = hypothesis.given(**strategies)(test)
        if SEED is not None:
            given = hypothesis.seed(SEED)(given)
        return hypothesis.settings(profile, max_examples=examples * FACTOR)(given)

    return decorate
