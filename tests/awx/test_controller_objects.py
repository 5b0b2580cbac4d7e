"""Surveys, names, types, notifications and templates of the stand-in, by the rules of AWX 24.6.1."""

from __future__ import annotations

import pytest

from awx.client import RULE, SPEC, refused
from awx.controller import notifications


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
