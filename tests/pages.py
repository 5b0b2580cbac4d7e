"""Reads the Markdown pages of the repository: what is to be typed, and what links where."""

from __future__ import annotations

import itertools
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).resolve().parents[1]
#: What a comment right above a block sets for the tests: `<!-- test: fails -->`, `<!-- test: not run, as ... -->`.
_MARK = re.compile(r"<!-- test: (.*?) -->", re.DOTALL)
_PARSER = MarkdownIt("commonmark").enable("table")


@dataclass
class Block:
    """A piece of a page that is code."""

    language: str
    text: str
    line: int
    mark: str

    @property
    def reason_not_to_run(self) -> str:
        """Why the tests leave it alone; empty when they don't."""
        return self.mark.removeprefix("not run, ") if self.mark.startswith("not run, ") else ""


def all_pages() -> list[str]:
    """Every Markdown file that git knows or would take, as a path in the repository."""
    command = ["git", "-C", str(ROOT), "ls-files", "--cached", "--others", "--exclude-standard", "*.md"]
    listed = subprocess.run(command, text=True, capture_output=True, check=True).stdout.splitlines()
    return sorted(name for name in set(listed) if (ROOT / name).exists())


def blocks(text: str) -> list[Block]:
    """The pieces of code of a page in their order; those that are only indented have no language."""
    found = []
    mark = ""
    for token in _PARSER.parse(text):
        if token.type in ("fence", "code_block"):
            found.append(Block(token.info.strip(), token.content, (token.map or [0])[0] + 1, mark))
        comment = _MARK.search(token.content) if token.type == "html_block" else None
        mark = " ".join(comment[1].split()) if comment else ""
    return found


def links(text: str) -> Iterator[str]:
    """The targets of all links and images."""
    for token in _inline(text):
        for name in ("href", "src"):
            if token.attrGet(name) is not None:
                yield str(token.attrGet(name))


def anchors(text: str) -> set[str]:
    """What a link may name after the #: its headings, as a git forge makes them."""
    found: set[str] = set()
    for opening, content in itertools.pairwise(_PARSER.parse(text)):
        if opening.type == "heading_open":
            title = "".join(part.content for part in content.children or () if part.type in ("text", "code_inline"))
            slug = re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
            taken = sum(name == slug or re.fullmatch(rf"{re.escape(slug)}-\d+", name) is not None for name in found)
            found.add(f"{slug}-{taken}" if taken else slug)
    return found


def _inline(text: str) -> Iterator[Token]:
    for token in _PARSER.parse(text):
        yield from token.children or ()
