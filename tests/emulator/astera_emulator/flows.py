"""The emulator's own flow files, which stand in for Astera's .wf and .df.

Astera's inner format is not public and this is not it. A workflow is a list of actions, done in their order:

    <Flow seconds="0.3" outcome="Completed">
      <Variables><Variable name="sourceFilePath" default=""/></Variables>
      <FileTransferTask host="localhost" remotePath="{Variables.sourceFilePath}" localPath="C:\\In\\orders.csv"/>
    </Flow>

Values are all known before the first action begins, so a document with a mistake in it does nothing at all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.etree import ElementTree

from .redaction import is_secret

Parameters = list[dict[str, str | None]]

_MAX_FILE_BYTES = 1_000_000
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


class JobError(Exception):
    """Why a job fails, as text for its reason and its trace."""


@dataclass(frozen=True)
class Kind:
    """What an action is made of: attributes that it must and may have, and its items: named children with a value."""

    required: tuple[str, ...] = ()
    optional: dict[str, str] = field(default_factory=dict)
    item: str = ""  # the tag of the children
    value: str = ""  # the attribute of a child that holds its value


_VARIABLES = Kind(item="Variable", value="default")
_KINDS = {
    "Flow": {
        "Variables": _VARIABLES,
        "FileTransferTask": Kind(
            ("host", "remotePath", "localPath"), {"port": "21", "user": "anonymous", "password": ""}
        ),
        "RunDataflow": Kind(("path",), item="Parameter", value="value"),
    },
    "Dataflow": {
        "Variables": _VARIABLES,
        "Source": Kind(("path",), item="Field", value="type"),
        "Destination": Kind(("path",)),
    },
}


@dataclass(frozen=True)
class Action:
    """One action, its values as they are once parameters and placeholders are filled in."""

    tag: str
    name: str
    attributes: dict[str, str]
    items: dict[str, str]

    def values(self) -> dict[str, str]:
        """Return all values by name. An item precedes an attribute of the same name."""
        return {**self.attributes, **self.items}


@dataclass(frozen=True)
class Flow:
    """A document: a workflow (`tag` Flow) or a dataflow (`tag` Dataflow). `seconds` and `result` are for tests."""

    tag: str
    seconds: float | None
    result: str
    actions: tuple[Action, ...]

    def secrets(self) -> set[str]:
        """Return the values that must not be seen in a trace, going by their names."""
        return {
            value for action in self.actions for name, value in action.values().items() if value and is_secret(name)
        }


def read(content: bytes, parameters: Parameters) -> Flow:
    """Read a document and fill in the parameters; JobError describes what is wrong with either."""
    root = _root(content)
    actions = [_action(element, _KINDS[root.tag]) for element in root]
    names = [action.name for action in actions]
    for name in names:
        if names.count(name) > 1:
            raise JobError(f"the flow has two actions {name!r}")
    given = _given(actions, parameters)
    known: dict[str, str] = {}
    filled = []
    for action in actions:
        filled.append(_filled(action, given, known))
        known.update({f"{action.name}.{name}": value for name, value in filled[-1].values().items()})
    return Flow(root.tag, _seconds(root), root.get("outcome", "Completed"), tuple(filled))


class _Builder(ElementTree.TreeBuilder):
    """Rejects document types: with none, there are no entities that reach for files or grow without end."""

    def doctype(self, *unused: object) -> None:
        """Reject."""
        raise ValueError("it has a document type")


def _root(content: bytes) -> ElementTree.Element:
    """Parse the document."""
    if len(content) > _MAX_FILE_BYTES:
        raise JobError(f"the flow file is larger than {_MAX_FILE_BYTES} bytes")
    try:
        root = ElementTree.fromstring(content, ElementTree.XMLParser(target=_Builder()))
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise JobError(f"the flow file cannot be read: {error}") from error
    if root.tag not in _KINDS:
        raise JobError("the flow file is not a Flow")
    return root


def _seconds(root: ElementTree.Element) -> float | None:
    """Return how long the job takes at least; None: the document does not set it."""
    text = root.get("seconds")
    if text is None:
        return None
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < float("inf"):
        raise JobError(f"the flow's seconds are not a number of at least 0: {text!r}")
    return seconds


def _action(element: ElementTree.Element, kinds: dict[str, Kind]) -> Action:
    """Read an action as it is written; JobError when it is not one of `kinds` or has not what it needs."""
    kind = kinds.get(element.tag)
    if kind is None:
        raise JobError(f"there is no action of the kind {element.tag!r}")
    name = element.get("name", element.tag)
    written = {key: value for key, value in element.attrib.items() if key != "name"}
    for key in kind.required:
        if key not in written:
            raise JobError(f"the action {name!r} has no {key}")
    for key in written:
        if key not in kind.required and key not in kind.optional:
            raise JobError(f"the action {name!r} cannot have {key!r}")
    return Action(element.tag, name, {**kind.optional, **written}, _items(element, name, kind))


def _items(element: ElementTree.Element, name: str, kind: Kind) -> dict[str, str]:
    """Return an action's items by name."""
    items: dict[str, str] = {}
    for child in element:
        key = child.get("name")
        if child.tag != kind.item or key is None:
            raise JobError(f"the action {name!r} has a {child.tag!r} that does not belong there or has no name")
        if key in items:
            raise JobError(f"the action {name!r} has {key!r} twice")
        items[key] = child.get(kind.value, "")
    return items


def _given(actions: list[Action], parameters: Parameters) -> dict[tuple[str, str], str]:
    """Return the parameters by action and name, compared exactly; JobError when the flow has no such thing."""
    by_name = {action.name: action for action in actions}
    given = {}
    for parameter in parameters:
        action_name, name = parameter.get("actionName") or "", parameter.get("parameterName") or ""
        action = by_name.get(action_name)
        if action is None:
            raise JobError(f"the flow has no action {action_name!r}")
        if name not in action.values():
            raise JobError(f"the action {action_name!r} has no parameter {name!r}")
        given[action_name, name] = parameter.get("value") or ""
    return given


def _filled(action: Action, given: dict[tuple[str, str], str], known: dict[str, str]) -> Action:
    """Return the action with its real values: what a parameter gives is taken as it is, all else may refer back."""

    def fill(name: str, text: str, *, replaceable: bool = True) -> str:
        if replaceable and (action.name, name) in given:
            return given[action.name, name]

        def value(match: re.Match[str]) -> str:
            if match[1] not in known:
                raise JobError(f"{match[0]} in {name!r} of the action {action.name!r} is nothing that comes before it")
            return known[match[1]]

        return _PLACEHOLDER.sub(value, text)

    items = {name: fill(name, text) for name, text in action.items.items()}
    attributes = {name: fill(name, text, replaceable=name not in items) for name, text in action.attributes.items()}
    return Action(action.tag, action.name, attributes, items)
