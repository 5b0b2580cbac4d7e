"""Property tests run the same examples everywhere, and however busy the machine is."""

from __future__ import annotations

import hypothesis

hypothesis.settings.register_profile(
    "astera",
    deadline=None,
    derandomize=True,
    suppress_health_check=[hypothesis.HealthCheck.too_slow, hypothesis.HealthCheck.function_scoped_fixture],
)
hypothesis.settings.load_profile("astera")
