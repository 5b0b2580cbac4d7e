"""Schedules, launches and workflows of the stand-in: each rule of AWX 24.6.1 that somebody has seen, with its status.

The stand-in must never be gentler than AWX. Where it is stricter, no request of ours needs what it rejects.
"""

from __future__ import annotations

import pytest

from awx.client import RULE, refused


class TestSchedules:
    def schedule(self, client, ids, **fields):
        given = {"name": "S", "unified_job_template": ids["template"], "rrule": RULE, "extra_data": {"place": "x"}}
        return client("POST", "schedules/", {**given, **fields})

    def test_every_required_value_is_needed_also_one_with_a_default(self, client, ids):
        refused(self.schedule(client, ids, extra_data={}), "variables_needed_to_start", "'place' value missing")
        assert self.schedule(client, ids)[0] == 201

    def test_other_variables_are_refused_as_extra_data(self, client, ids):
        refused(
            self.schedule(client, ids, extra_data={"place": "x", "other": 1}), "extra_data", "not allowed on launch"
        )

    def test_what_is_not_prompted_for_is_refused(self, client, ids):
        refused(self.schedule(client, ids, limit="x"), "limit", "not configured to prompt")

    @pytest.mark.parametrize(
        ("rule", "text"),
        [
            ("RRULE:FREQ=DAILY;INTERVAL=1", "Valid DTSTART required"),
            ("DTSTART:20260101T030000 RRULE:FREQ=DAILY;INTERVAL=1", "naive"),
            (f"{RULE} DTSTART:20260101T030000Z", "Multiple DTSTART"),
            ("DTSTART:20260101T030000Z", "One or more rule"),
            ("DTSTART:20260101T030000Z RRULE:FREQ=DAILY", "INTERVAL required"),
            ("DTSTART:20260101T030000Z RRULE:FREQ=SECONDLY;INTERVAL=1", "SECONDLY"),
            ("DTSTART:20260101T030000Z RRULE:FREQ=SOMETIMES;INTERVAL=1", "parsing failed"),
            (f"{RULE};NONSENSE=1", "parsing failed"),
            (f"{RULE};COUNT=1000", "COUNT > 999"),
            (f"{RULE};COUNT=9;UNTIL=20270101T030000Z", "both COUNT and UNTIL"),
            (f"{RULE};BYDAY=20MO", "numeric prefix"),
            (f"{RULE} EXDATE:20260102T030000Z", "EXDATE"),
        ],
    )
    def test_rules_that_are_refused(self, client, ids, rule, text):
        refused(self.schedule(client, ids, rrule=rule), "rrule", text)

    @pytest.mark.parametrize(
        "rule", [f"{RULE};COUNT=999", "DTSTART;TZID=Europe/Berlin:20260101T030000 RRULE:FREQ=DAILY;INTERVAL=1"]
    )
    def test_rules_that_are_taken(self, client, ids, rule):
        assert self.schedule(client, ids, rrule=rule)[0] == 201

    def test_a_change_of_other_fields_checks_no_variables(self, client, ids):
        number = self.schedule(client, ids)[1]["id"]
        assert client("PATCH", f"schedules/{number}/", {"enabled": False})[1]["enabled"] is False


class TestLaunchesOfTemplates:
    def launch(self, client, ids, **given):
        return client("POST", f"job_templates/{ids['template']}/launch/", given)

    def test_every_required_value_is_needed_also_one_with_a_default(self, client, ids):
        refused(self.launch(client, ids), "variables_needed_to_start", "'place' value missing")

    def test_a_default_of_what_is_not_required_is_filled_in(self, client, ids):
        status, content = self.launch(client, ids, extra_vars={"place": "x"})
        assert (status, content["ignored_fields"]) == (201, {})
        assert client.controller.api.jobs[content["job"]]["variables"] == {"place": "x", "count": 2}

    @pytest.mark.parametrize(
        ("given", "text"),
        [
            ({"place": ""}, "too small"),
            ({"place": "x", "count": "3"}, "expected to be an integer"),
            ({"place": "x", "kind": "c"}, "expected to be one of"),
            ({"place": "x", "kind": ""}, "expected to be one of"),
        ],
    )
    def test_wrong_values(self, client, ids, given, text):
        refused(self.launch(client, ids, extra_vars=given), "variables_needed_to_start", text)

    def test_what_the_survey_does_not_ask_for_is_ignored(self, client, ids):
        status, content = self.launch(client, ids, extra_vars={"place": "x", "other": 1}, limit="x", nonsense=1)
        assert status == 201
        assert content["ignored_fields"] == {"extra_vars": {"other": 1}, "limit": "x"}
        job = client.controller.api.jobs[content["job"]]
        assert (job["limit"], job["variables"]) == ("", {"place": "x", "count": 2})

    def test_with_variables_on_launch_any_variable_is_taken(self, client, ids):
        client("PATCH", f"job_templates/{ids['template']}/", {"ask_variables_on_launch": True})
        _status, content = self.launch(client, ids, extra_vars={"place": "x", "other": 1})
        assert client.controller.api.jobs[content["job"]]["variables"]["other"] == 1

    @pytest.mark.parametrize("text", ['{"place": "x"}', "place: x"])
    def test_variables_may_be_text(self, client, ids, text):
        assert self.launch(client, ids, extra_vars=text)[0] == 201

    @pytest.mark.parametrize("given", ["- a list", "{", ["x"]])
    def test_variables_that_are_not_an_object(self, client, ids, given):
        refused(self.launch(client, ids, extra_vars=given), "extra_vars")

    def test_credentials(self, client, ids):
        client("POST", f"job_templates/{ids['template']}/credentials/", {"id": ids["first"]})
        answers = {"extra_vars": {"place": "x"}}
        refused(self.launch(client, ids, credentials=[], **answers), "credentials", "Removing")
        both = [ids["first"], ids["second"]]
        assert self.launch(client, ids, credentials=both, **answers)[0] == 201  # the first is that of the template
        _status, content = self.launch(client, ids, credentials=[ids["second"]], **answers)
        assert client.controller.api.jobs[content["job"]]["credentials"] == [ids["second"]]

    def test_a_job_can_be_followed(self, client, ids):
        _status, content = self.launch(client, ids, extra_vars={"place": "x"})
        assert content["status"] == "pending"
        found = client("GET", content["url"].removeprefix("/api/v2/"))[1]
        assert (found["status"], found["failed"], found["event_processing_finished"]) == ("successful", False, True)

    def test_slices_are_a_workflow(self, client, ids):
        path = f"job_templates/{ids['template']}/"
        given = {"extra_vars": {"place": "x"}, "job_slice_count": 2}
        assert self.launch(client, ids, **given)[1]["ignored_fields"] == {"job_slice_count": 2}
        client("PATCH", path, {"ask_job_slice_count_on_launch": True})
        assert self.launch(client, ids, **given)[1]["type"] == "workflow_job"
        client.controller.api.store.hosts[ids["inventories"]] = 1
        refused(self.launch(client, ids, **given), "job_slice_count", "not have enough hosts")


class TestWorkflows:
    def launch(self, client, ids, **given):
        return client("POST", f"workflow_job_templates/{ids['workflow']}/launch/", given)

    def node(self, client, ids, identifier="n", **fields):
        given = {"workflow_job_template": ids["workflow"], "identifier": identifier, **fields}
        return client("POST", "workflow_job_template_nodes/", given)

    def test_a_launch(self, client, ids):
        status, content = self.launch(client, ids, extra_vars={"place": "x"}, credentials=[ids["first"]])
        # The credential is dropped without a word.
        assert (status, content["type"], content["ignored_fields"]) == (201, "workflow_job", {})
        assert client("GET", content["url"].removeprefix("/api/v2/"))[1]["status"] == "successful"

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({}, "variables_needed_to_start"),
            ({"extra_vars": {"place": "x", "other": 1}}, "extra_vars"),
            ({"extra_vars": {"place": "x"}, "limit": "x"}, "limit"),
            ({"extra_vars": {"place": "x"}, "inventory": 1}, "inventory"),
        ],
    )
    def test_launches_that_are_refused(self, client, ids, given, field):
        refused(self.launch(client, ids, **given), field)

    def test_the_required_values_of_a_node_may_come_later(self, client, ids):
        assert self.node(client, ids, unified_job_template=ids["template"])[0] == 201

    def test_the_values_of_a_node_are_checked(self, client, ids):
        node = {"unified_job_template": ids["template"]}
        refused(self.node(client, ids, **node, extra_data={"other": 1}), "extra_data", "not allowed on launch")
        refused(self.node(client, ids, **node, extra_data={"place": ""}), "variables_needed_to_start", "too small")
        refused(self.node(client, ids, **node, limit="x"), "limit")
        assert self.node(client, ids, **node, verbosity="1")[1]["verbosity"] == 1

    def test_the_credentials_of_a_node(self, client, ids):
        node = self.node(client, ids, unified_job_template=ids["template"])[1]["id"]
        path = f"workflow_job_template_nodes/{node}/credentials/"
        assert client("POST", path, {"id": ids["first"]})[0] == 204
        assert client("POST", path, {"id": ids["second"]})[0] == 400  # one of each type
        approval = self.node(client, ids, "approval")[1]["id"]
        path = f"workflow_job_template_nodes/{approval}/credentials/"
        refused(client("POST", path, {"id": ids["first"]}), "msg", "related template is null")
        client("PATCH", f"job_templates/{ids['template']}/", {"ask_credential_on_launch": False})
        node = self.node(client, ids, "third", unified_job_template=ids["template"])[1]["id"]
        refused(client("POST", f"workflow_job_template_nodes/{node}/credentials/", {"id": ids["first"]}), "msg")

    def test_links(self, client, ids):
        nodes = [self.node(client, ids, name, unified_job_template=ids["template"])[1]["id"] for name in "abc"]

        def link(start, end, kind="success"):
            return client("POST", f"workflow_job_template_nodes/{nodes[start]}/{kind}_nodes/", {"id": nodes[end]})

        assert link(0, 1)[0] == link(1, 2)[0] == 204
        refused(link(0, 1, "failure"), "Error", "Relationship not allowed")
        refused(link(0, 0), "Error", "Cycle")
        refused(link(2, 1), "Error", "Cycle")
        # Nothing leads into the circle any more, and AWX counts that as one.
        assert self.node(client, ids, "alone", unified_job_template=ids["template"])[0] == 201
        assert link(2, 0)[0] == 204, "AWX looks from the nodes that none points to, and sees no circle apart from them"
