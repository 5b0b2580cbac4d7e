"""What a dataflow does: reads a CSV file, checks the types of its fields, writes a CSV file. All of it or nothing."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Callable, Iterator
from datetime import date

from .flows import Action, Flow, JobError
from .run import Run

_SHOWN = 100  # characters of a bad value in the trace


def _is_date(text: str) -> bool:
    """Whether this is a day like 2024-02-29."""
    try:
        return bool(re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII)) and bool(date.fromisoformat(text))
    except ValueError:
        return False


_TYPES: dict[str, Callable[[str], bool]] = {
    "text": lambda text: True,
    "integer": lambda text: bool(re.fullmatch(r"[+-]?\d+", text, re.ASCII)),
    "decimal": lambda text: bool(re.fullmatch(r"[+-]?\d+(\.\d+)?", text, re.ASCII)),
    "date": _is_date,
}


def carry_out(run: Run, flow: Flow) -> None:
    """Run a dataflow; JobError names the line, the field and the value that is bad."""
    source, destination = _only(flow, "Source"), _only(flow, "Destination")
    unknown = [kind for kind in source.items.values() if kind not in _TYPES]
    if unknown or not source.items:
        raise JobError(f"the fields of the source have no type that is known: {', '.join(unknown) or 'no fields'}")
    target = destination.attributes["path"]
    count = 0
    with run.new_file(target) as raw:
        writer = csv.writer(codecs.getwriter("utf-8")(raw))
        writer.writerow(source.items)
        for row in _rows(run, source):
            run.check()
            writer.writerow(row)
            count += 1
    run.change(f"read {count} rows, wrote {count} rows to {target}")


def _only(flow: Flow, tag: str) -> Action:
    """Return the one action of a kind."""
    found = [action for action in flow.actions if action.tag == tag]
    if len(found) != 1:
        raise JobError(f"the dataflow has not one {tag} but {len(found)}")
    return found[0]


def _rows(run: Run, source: Action) -> Iterator[list[str]]:
    """Yield the checked rows of the source, with the values of its fields only, in their order."""
    path = source.attributes["path"]
    with run.local(path).open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, strict=True)
        try:
            header = next(reader, [])
            missing = [name for name in source.items if name not in header]
            if missing:
                raise JobError(f"{path} has no column {', '.join(missing)}")
            columns = [(header.index(name), name, kind) for name, kind in source.items.items()]
            line = reader.line_num + 1
            for row in reader:
                yield _checked(row, len(header), columns, f"{path}, line {line}")
                line = reader.line_num + 1
        except (csv.Error, UnicodeDecodeError) as error:
            raise JobError(f"{path} cannot be read after line {reader.line_num}: {error}") from error


def _checked(row: list[str], width: int, columns: list[tuple[int, str, str]], place: str) -> list[str]:
    """Return the selected values of a row. An empty value is a text and nothing else."""
    if len(row) != width:
        raise JobError(f"{place}: {len(row)} values, not {width}")
    for index, name, kind in columns:
        if not _TYPES[kind](row[index]):
            raise JobError(f"{place}: the field {name!r} is not of type {kind}: {row[index][:_SHOWN]!r}")
    return [row[index] for index, _name, _kind in columns]
