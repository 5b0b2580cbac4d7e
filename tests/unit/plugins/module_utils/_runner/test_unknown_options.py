"""Misspelt options."""

from __future__ import annotations

import pytest

from ansible_collections.astera.data_stack.plugins.module_utils._errors import AsteraError
from ansible_collections.astera.data_stack.plugins.module_utils._resources.schedule.ensure import BULK_SPEC
from ansible_collections.astera.data_stack.plugins.module_utils._runner.argument_spec import full_options
from ansible_collections.astera.data_stack.plugins.module_utils._runner.unknown_options import reject_unknown

OPTIONS = full_options(BULK_SPEC, None)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"servr_url": "x"}, "servr_url: there is no such option; did you mean server_url?"),
        (
            {"schedules": [{"name": "A"}, {"strat_item": "x"}]},
            "schedules[2].strat_item: there is no such option; did you mean start_item?",
        ),
        (
            {"schedules": [{"daily": {"when": "1"}}]},
            "schedules[1].daily.when: there is no such option; none has a similar name",
        ),
        ({"_ansible_debug": 1}, "_ansible_debug: there is no such option; none has a similar name"),
        ({"zzz": 1}, "zzz: there is no such option; none has a similar name"),
        (
            {"zzz": 1, "tokn": "canary"},
            "zzz: there is no such option; none has a similar name. tokn: there is no such option; did you mean token?",
        ),
    ],
)
def test_an_option_is_named_with_its_place_and_what_was_meant(given, message):
    with pytest.raises(AsteraError) as caught:
        reject_unknown(OPTIONS, given)
    assert (caught.value.kind, caught.value.message) == ("input", message)


def test_what_is_known_or_free():
    free = {"extra_fields": {"anything": 1}, "schedule": {"typeName": "X"}}
    reject_unknown(OPTIONS, {"schedules": [free, "text"], "settings": {"any": 1}})
    reject_unknown(OPTIONS, {})
