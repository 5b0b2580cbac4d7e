"""Surveys: what a specification may hold, and what may be answered."""

from __future__ import annotations

from typing import Any

from .errors import Rejection
from .kinds import is_a

#: The type that a default must have, by the type of its question.
TYPES: dict[str, type] = {
    "text": str,
    "textarea": str,
    "password": str,
    "multiplechoice": str,
    "multiselect": str,
    "integer": int,
    "float": float,
}
QUESTION_KEYS = {
    *("type", "question_name", "question_description", "variable", "required", "default", "min", "max", "choices"),
    "new_question",
}


def check_spec(spec: Any) -> None:
    """Reject a specification that AWX would not take, and remove the blank lines that it removes."""
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
    # AWX stores keys that it does not know. Ours would be typing errors.
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
    if default != "" and not is_a(default, TYPES[question["type"]]):
        raise ValueError(f"default value {default!r} is of the wrong type.")
    if question["type"] in ("multiplechoice", "multiselect"):
        _check_choices(question)
    if question["type"] == "password" and default != "":
        raise ValueError("a default for a password is not supported by this stand-in.")


def _check_choices(question: dict[str, Any]) -> None:
    if "choices" not in question:
        raise ValueError(f"of type {question['type']} must specify choices.")
    if isinstance(question["choices"], str):
        question["choices"] = "\n".join(_lines(question["choices"]))
    if "default" not in question:
        return
    defaults = _lines(question["default"])
    question["default"] = "\n".join(defaults)
    if question["type"] == "multiplechoice" and len(defaults) > 1:
        raise ValueError("Multiple Choice (Single Select) can only have one default value.")
    # In a text of choices, AWX looks for a part of the text.
    if any(default not in question["choices"] for default in defaults):
        raise ValueError("Default choice must be answered from the choices listed.")


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


def questions(spec: dict[str, Any]) -> list[dict[str, Any]]:
    return spec.get("spec", [])


def defaults(spec: dict[str, Any]) -> dict[str, Any]:
    """The variables that a job gets when nobody answers: valid defaults."""
    found = {question["variable"]: question for question in questions(spec) if question.get("default") is not None}
    return {
        name: question["default"]
        for name, question in found.items()
        if not wrong(question, {name: question["default"]})
    }


def wrong(question: dict[str, Any], data: dict[str, Any], *, required: bool = True) -> list[str]:
    """What AWX says against the value of a question. A default does not count as a value."""
    name, kind = question["variable"], question["type"]
    if name not in data:
        return [f"'{name}' value missing"] if question["required"] and required else []
    value = data[name]
    if kind in ("multiplechoice", "multiselect"):
        return _wrong_choices(question, value)
    if type(value) not in {"integer": (int,), "float": (float, int)}.get(kind, (str,)):
        expected = {"integer": "an integer", "float": "a numeric type"}.get(kind, "a string")
        return [f"Value {value} for '{name}' expected to be {expected}."]
    size, errors = len(value) if isinstance(value, str) else value, []
    if question.get("min") not in ("", None) and size < question["min"]:
        errors.append(f"'{name}' value {value} is too small (must be at least {question['min']}).")
    if question.get("max") not in ("", None) and size > question["max"]:
        errors.append(f"'{name}' value {value} is too large (must be no more than {question['max']}).")
    return errors


def _wrong_choices(question: dict[str, Any], value: Any) -> list[str]:
    name, choices = question["variable"], question["choices"]
    if isinstance(choices, str):
        choices = _lines(choices)
    if question["type"] == "multiselect" and not isinstance(value, list):
        return [f"'{name}' value is expected to be a list."]
    values = value if question["type"] == "multiselect" else [value]
    return [f"Value {one} for '{name}' expected to be one of {choices}." for one in values if one not in choices]
