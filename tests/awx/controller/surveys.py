"""Surveys: what a specification may hold, and what may be answered."""

from __future__ import annotations

from typing import Any

from .errors import Rejection
from .kinds import is_a

TYPES: dict[str, tuple[type, ...]] = {
    "text": (str,),
    "textarea": (str,),
    "password": (str,),
    "multiplechoice": (str,),
    "multiselect": (str,),
    "integer": (int,),
    "float": (float, int),
}
QUESTION_KEYS = {
    *("type", "question_name", "question_description", "variable", "required", "default", "min", "max", "choices"),
    "new_question",
}


def check_spec(spec: Any) -> None:
    """Reject a specification that AWX would not take."""
    for name, kind in (("name", str), ("description", str), ("spec", list)):
        if name not in spec:
            raise Rejection({"error": f"Field '{name}' is missing from survey spec."})
        if not isinstance(spec[name], kind):
            raise Rejection({"error": f"Expected {kind.__name__} for field '{name}'."})
    if not spec["spec"]:
        raise Rejection({"error": "'spec' doesn't contain any items."})
    seen: set[str] = set()
    for number, question in enumerate(spec["spec"]):
        try:
            _check_question(question)
        except ValueError as error:
            raise Rejection({"error": f"Survey question {number}: {error}"}) from None
        if question["variable"] in seen:
            raise Rejection({"error": f"'variable' '{question['variable']}' duplicated in survey question {number}."})
        seen.add(question["variable"])


def _check_question(question: dict[str, Any]) -> None:
    for name, kind in (("type", str), ("question_name", str), ("variable", str), ("required", bool)):
        if not is_a(question.get(name), kind):
            raise ValueError(f"'{name}' is missing or not a {kind.__name__}.")
    if set(question) - QUESTION_KEYS:
        raise ValueError(f"unknown keys {sorted(set(question) - QUESTION_KEYS)}.")
    if question["type"] not in TYPES:
        raise ValueError(f"'{question['type']}' is not a type of a question.")
    for name in ("min", "max"):
        # AWX takes whole numbers only, for every type of question.
        if question.get(name) is not None and not is_a(question[name], int):
            raise ValueError(f"the {name} limit is expected to be an integer.")
    default = question.get("default", "")
    # AWX requires a decimal point in the default of a float.
    if default != "" and not is_a(default, TYPES[question["type"]][0]):
        raise ValueError(f"default value {default!r} is of the wrong type.")
    if question["type"] in ("multiplechoice", "multiselect"):
        _check_choices(question, default)
    if question["type"] == "password" and default != "":
        raise ValueError("a default for a password is not supported by this stand-in.")


def _check_choices(question: dict[str, Any], default: str) -> None:
    if not isinstance(question.get("choices"), str) or not question["choices"].strip():
        # AWX takes a list too, and makes lines of it; then the next run of a playbook finds a difference.
        raise ValueError("choices must be given, as lines.")
    if default and not set(default.splitlines()) <= set(question["choices"].splitlines()):
        raise ValueError("the default is not among the choices.")


def answered(spec: dict[str, Any], answers: dict[str, Any], *, complete: bool = True) -> dict[str, Any]:
    """The variables that a launch gets: the defaults, and over them the answers. Rejects what AWX would reject."""
    questions = {question["variable"]: question for question in spec.get("spec", [])}
    unknown = sorted(set(answers) - set(questions))
    if unknown:
        raise Rejection({"extra_vars": [f"Variables {', '.join(unknown)} are not allowed on launch."]})
    errors = []
    variables = {}
    for name, question in questions.items():
        default = question.get("default")
        if default is not None and not _wrong(question, default):
            variables[name] = default
        if name in answers:
            error = _wrong(question, answers[name])
            errors += [error] if error else []
            variables[name] = answers[name]
        elif complete and question["required"] and name not in variables:
            errors.append(f"'{name}' value missing")
    if errors:
        raise Rejection({"variables_needed_to_start": errors})
    return variables


def _wrong(question: dict[str, Any], value: Any) -> str:
    name, kind = question["variable"], question["type"]
    if kind == "multiselect":
        right = isinstance(value, list) and set(value) <= set(question["choices"].splitlines())
        return "" if right else f"Value {value} for '{name}' expected to be a list of choices."
    if type(value) not in TYPES[kind]:
        return f"Value {value} for '{name}' expected to be of type {kind}."
    if kind == "multiplechoice":
        right = value in question["choices"].splitlines()
        return "" if right else f"Value {value} for '{name}' expected to be one of the choices."
    size = len(value) if isinstance(value, str) else value
    if question.get("min") not in ("", None) and size < question["min"]:
        return f"'{name}' value {value} is too small."
    if question.get("max") not in ("", None) and size > question["max"]:
        return f"'{name}' value {value} is too large."
    return ""
