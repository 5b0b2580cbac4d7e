"""The stand-in of the controller by its API: each rule of AWX 24.6.1 that somebody has seen, with AWX's own status.

It must never be gentler than AWX. Where it is stricter, no request of ours needs what it rejects.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

import pytest

from awx.controller import Controller, notifications

QUESTIONS = [
    {"variable": "place", "question_name": "Place", "type": "text", "required": True, "min": 1, "default": "here"},
    {"variable": "count", "question_name": "Count", "type": "integer", "required": False, "default": 2},
    {"variable": "kind", "question_name": "Kind", "type": "multiplechoice", "required": False, "choices": "a\nb"},
]
SPEC = {"name": "", "description": "", "spec": QUESTIONS}
RULE = "DTSTART:20260101T030000Z RRULE:FREQ=DAILY;INTERVAL=1"


class Client:
    """Sends requests to a controller."""

    def __init__(self, controller: Controller) -> None:
        self.controller = controller
        self.token = controller.token

    def __call__(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Status and content of a response."""
        request = urllib.request.Request(
            f"{self.controller.url}/api/v2/{path}",
            None if body is None else json.dumps(body).encode(),
            {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"},
            method=method,
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                content = response.read()
                return response.status, json.loads(content) if content else None
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read())

    def make(self, resource: str, **fields: Any) -> int:
        status, content = self("POST", f"{resource}/", fields)
        assert status == 201, content
        return content["id"]


@pytest.fixture(scope="module")
def server():
    """One for all tests, since starting it takes longer than a test."""
    with Controller() as controller:
        yield controller


@pytest.fixture
def client(server):
    server.api.reset()
    server.prepare(["deploy.yml"])
    return Client(server)


@pytest.fixture
def ids(client):
    """The numbers of a template and a workflow with the same survey, and of what they need."""
    store = client.controller.api.store
    place = {"organization__name": "Default"}
    made = {name: client.controller.named(name, "Astera", **place)["id"] for name in ("inventories", "projects")}
    made["organization"] = client.controller.named("organizations", "Default")["id"]
    place = {"inventory": made["inventories"], "project": made["projects"], "playbook": "deploy.yml"}
    prompts = {"ask_credential_on_launch": True, "ask_verbosity_on_launch": True}
    made["template"] = client.make("job_templates", name="T", survey_enabled=True, **place, **prompts)
    made["workflow"] = client.make(
        "workflow_job_templates", name="W", organization=made["organization"], survey_enabled=True
    )
    made["type"] = client.make("credential_types", name="C", kind="cloud")
    for name in ("first", "second"):
        kind = {"organization": made["organization"], "credential_type": made["type"]}
        made[name] = client.make("credentials", name=name, **kind)
    store.surveys.update({made["template"]: SPEC, made["workflow"]: SPEC})
    return made


def refused(response: tuple[int, Any], field: str, text: str = "") -> None:
    status, content = response
    assert status == 400, content
    assert field in content, content
    assert text in str(content[field]), content


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


class TestSurveys:
    def store(self, client, ids, *questions):
        given = {"name": "", "description": "", "spec": list(questions)}
        path = f"job_templates/{ids['template']}/survey_spec/"
        response = client("POST", path, given)
        return response[0], client("GET", path)[1]["spec"] if response[0] == 200 else response[1]

    def question(self, **fields):
        return {"variable": "v", "question_name": "V", "type": "multiplechoice", "required": False, **fields}

    def test_blank_lines_of_choices_are_removed(self, client, ids):
        _status, (stored,) = self.store(client, ids, self.question(choices="a\n\n \nb\n", default="\nb"))
        assert (stored["choices"], stored["default"]) == ("a\nb", "b")

    def test_choices_as_a_list_stay_a_list(self, client, ids):
        status, (stored,) = self.store(client, ids, self.question(choices=["a", "b"]))
        assert (status, stored["choices"]) == (200, ["a", "b"])

    def test_a_default_may_be_a_part_of_a_choice(self, client, ids):
        assert self.store(client, ids, self.question(choices="aa\nbb", default="a"))[0] == 200
        assert self.store(client, ids, self.question(choices=["aa", "bb"], default="a"))[0] == 400
        # It is no valid value all the same, so a launch does not fill it in.
        client("POST", f"job_templates/{ids['template']}/survey_spec/", SPEC)

    @pytest.mark.parametrize(
        "fields",
        [
            {},
            {"choices": "a\nb", "default": "c"},
            {"choices": "a\nb", "default": "a\nb"},
            {"type": "integer", "default": "1"},
            {"type": "float", "min": 0.5},
            {"required": "yes", "choices": "a"},
        ],
    )
    def test_questions_that_are_refused(self, client, ids, fields):
        assert self.store(client, ids, self.question(**fields))[0] == 400

    def test_a_variable_occurs_once(self, client, ids):
        question = self.question(type="text")
        assert self.store(client, ids, question, question)[0] == 400


class TestNames:
    """Lists hold the objects of all organizations; a named URL tells them apart."""

    @pytest.fixture
    def both(self, client):
        client.controller.prepare(["deploy.yml"], "Other")
        return client

    def test_a_list_holds_both(self, both):
        assert both("GET", "inventories/?name=Astera")[1]["count"] == 2
        assert both("GET", "inventories/?name=Astera&organization__name=Other")[1]["count"] == 1

    def test_named_urls(self, both):
        found = both("GET", "inventories/Astera++Other/")[1]
        assert found["organization"] == both("GET", "organizations/Other/")[1]["id"]
        assert both("GET", "inventories/Astera/")[0] == 404
        assert both("GET", "inventories/Astera++Nowhere/")[0] == 404
        assert both("GET", "execution_environments/AWX%20EE%20(latest)/")[0] == 200

    def test_named_urls_of_credentials_hold_their_type(self, both, ids):
        assert both("GET", "credentials/first++C+cloud++Default/")[1]["id"] == ids["first"]

    def test_filters_that_exclude(self, both):
        """What belongs to no organization is not in that one either."""
        assert both("GET", "inventories/?name=Astera&not__organization__name=Other")[1]["count"] == 1
        assert both("GET", "execution_environments/?not__organization__name=Other")[1]["count"] == 3

    def test_either_of_two_filters(self, both):
        number = both("GET", "inventories/Astera++Other/")[1]["id"]
        found = both("GET", f"inventories/?or__id={number}&or__name=x")[1]["results"]
        assert [one["id"] for one in found] == [number]

    def test_an_environment_stays_in_its_organization(self, both):
        default, other = (both("GET", f"organizations/{name}/")[1]["id"] for name in ("Default", "Other"))
        number = both.make("execution_environments", name="E", image="i", organization=default)
        path = f"execution_environments/{number}/"
        refused(both("PATCH", path, {"organization": other}), "organization", "Cannot change the organization")
        assert both("PATCH", path, {"organization": None})[0] == 200
        # Its name is unique in the whole of AWX.
        refused(both("POST", "execution_environments/", {"name": "E", "image": "i", "organization": other}), "__all__")


class TestCredentialTypes:
    def make(self, client, injectors, fields=(), required=()):
        inputs = {"fields": list(fields), "required": list(required)}
        body = {"name": "N", "kind": "cloud", "inputs": inputs, "injectors": injectors}
        return client("POST", "credential_types/", body)

    @pytest.mark.parametrize(
        "injectors",
        [
            {"env": {"X": 1}},
            {"file": {"template": 1}},
            {"env": "X"},
            {"extra_vars": {"x": 1}},
            {"env": {"X": "ü"}},
            {"env": {"ANSIBLE_X": "x"}},
            {"env": {"X": "{{ nothing }}"}},
            {"env": {"X": "{{ tower.filename }}"}},
            {"file": {"template": "x", "template.y": "y"}},
        ],
    )
    def test_injectors_that_are_refused(self, client, injectors):
        refused(self.make(client, injectors), "injectors")

    def test_nested_variables(self, client):
        assert self.make(client, {"extra_vars": {"x": {"y": ["z"]}}})[0] == 201

    def test_what_is_required_need_not_be_a_field(self, client):
        assert self.make(client, {}, required=["nothing"])[0] == 201

    def test_one_that_is_used_stays(self, client, ids):
        status, content = client("DELETE", f"credential_types/{ids['type']}/")
        assert (status, content["detail"]) == (403, "Credential types that are in use cannot be deleted")


class TestNotifications:
    def make(self, client, ids, messages, method="POST", path=""):
        fields = {"name": "N", "organization": ids["organization"], "notification_type": "webhook"}
        fields["notification_configuration"] = {"url": "https://example.com", "headers": {}}
        return client(method, f"notification_templates/{path}", {**fields, "messages": messages})

    @pytest.mark.parametrize(
        "messages",
        [
            {"approval": {}},
            {"error": {"text": "x"}},
            {"error": {"message": "two\nlines"}},
            {"workflow_approval": {"pending": {}}},
            {"workflow_approval": {"running": {"body": "{{ extra_vars }}"}}},
            {"workflow_approval": {"running": {"body": "{{ job_metadata"}}},
        ],
    )
    def test_messages_that_are_refused(self, client, ids, messages):
        refused(self.make(client, ids, messages), "messages")

    def test_an_old_message_stays_until_it_is_replaced(self, client, ids):
        number = self.make(client, ids, {"error": {"message": "old"}})[1]["id"]
        stored = self.make(client, ids, {"workflow_approval": {"running": {"body": "x"}}}, "PATCH", f"{number}/")[1]
        assert stored["messages"]["error"] == {"message": "old"}
        assert stored["messages"]["workflow_approval"] == {"running": {"body": "x"}}
        assert notifications.merged(None, {"error": None}) == {"error": None}


class TestTemplates:
    def test_a_number_may_be_text_where_there_are_choices(self, client, ids):
        assert client("PATCH", f"job_templates/{ids['template']}/", {"verbosity": "1"})[1]["verbosity"] == 1
        assert client("PATCH", f"job_templates/{ids['template']}/", {"verbosity": "6"})[0] == 400

    def test_variables_must_be_an_object(self, client, ids):
        for resource, number in (("job_templates", ids["template"]), ("workflow_job_templates", ids["workflow"])):
            assert client("PATCH", f"{resource}/{number}/", {"extra_vars": "{}"})[0] == 200
            refused(client("PATCH", f"{resource}/{number}/", {"extra_vars": "[]"}), "extra_vars")

    def test_a_playbook_of_a_collection_is_in_no_project(self, client, ids):
        path = f"job_templates/{ids['template']}/"
        refused(client("PATCH", path, {"playbook": "astera.data_stack.deploy"}), "playbook", "not found for project")

    def test_deleting_takes_along_what_belongs_to_it(self, client, ids):
        node = {"workflow_job_template": ids["workflow"], "identifier": "n", "unified_job_template": ids["template"]}
        client.make("workflow_job_template_nodes", **node)
        schedule = {"rrule": RULE, "extra_data": {"place": "x"}}
        client.make("schedules", name="S", unified_job_template=ids["template"], **schedule)
        assert client("DELETE", f"job_templates/{ids['template']}/") == (204, None)
        assert client("GET", "schedules/")[1]["count"] == 0
        assert client("GET", "workflow_job_template_nodes/")[1]["results"][0]["unified_job_template"] is None
        assert client("DELETE", f"workflow_job_templates/{ids['workflow']}/")[0] == 204
        assert client("GET", "workflow_job_template_nodes/")[1]["count"] == 0

    def test_a_manual_project_has_no_schedule(self, client, ids):
        client("PATCH", f"projects/{ids['projects']}/", {"scm_type": ""})
        schedule = {"name": "S", "rrule": RULE, "unified_job_template": ids["projects"]}
        refused(client("POST", "schedules/", schedule), "unified_job_template", "Manual Project")


def test_a_wrong_token(client):
    client.token = "wrong"
    status, content = client("GET", "organizations/")
    assert status == 401
    assert content["detail"].endswith("To establish a login session, visit /api/login/.")
