# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How Sphinx builds the documentation site; ``make docs`` runs it.

``tests/tools/build_site`` creates the source folder: a copy of the checkout, so that the Markdown pages stay unchanged
and their links work, and ``reference``, written by antsibull-docs.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

ROOT = Path(__file__).resolve().parents[2]
GALAXY = yaml.safe_load((ROOT / "galaxy.yml").read_text())

project = f"{GALAXY['namespace']}.{GALAXY['name']}"
project_copyright = "2026, " + ", ".join(GALAXY["authors"])
release = GALAXY["version"]

extensions = ["myst_parser", "sphinx.ext.intersphinx", "sphinx_antsibull_ext"]
root_doc = "index"
include_patterns = ["*.md", "docs/*.md", "reference/*.rst", "**/README.md"]

# Headings get the same anchors as on a git forge.
myst_heading_anchors = 4

nitpicky = True
# The labels that antsibull's pages use. build_site writes the inventory, so no network is needed.
intersphinx_mapping = {"ansible": ("https://docs.ansible.com/ansible/latest/", "ansible.inv")}

highlight_language = "text"

html_theme = "furo"
html_title = project
html_static_path = ["static"]
html_css_files = ["site.css"]
html_favicon = "static/icon.svg"
html_copy_source = False
html_show_sphinx = False
html_use_index = False
html_theme_options = {"navigation_with_keys": True}

#: Attributes that the pages of the theme and of antsibull lack for screen readers and keyboards.
HTML_FIXES = {
    ' role="heading"><span class="caption-text">': ' role="heading" aria-level="2"><span class="caption-text">',
    ' aria-role="button"': "",
    "<pre>": '<pre tabindex="0">',
    '<div class="table-wrapper': '<div tabindex="0" class="table-wrapper',
    '<aside class="sidebar-drawer">': '<aside class="sidebar-drawer" aria-label="All pages">',
    '<aside class="toc-drawer': '<aside aria-label="On this page" class="toc-drawer',
    '<div id="search-results">': '<h1>Search</h1><div id="search-results">',
}
#: Names in code and in links, titles and cells, which hold names.
NAMES = re.compile(r'(?P<before><span class="(?:pre|std std-\w+)">|<(?:h1|strong)>|<td[^>]*><p>)(?P<name>[^<]+)')
#: Where a long name may be broken.
BREAK = re.compile(r"(?<=\w[_./\\:@=])(?=[A-Za-z{])")


class ModuleLinks(SphinxPostTransform):
    """Link the full name of a module to its reference. Short names may also be names of variables."""

    default_priority = 5

    def run(self, **_how: Any) -> None:
        for literal in list(self.document.findall(nodes.literal)):
            name = re.fullmatch(rf"{re.escape(project)}\.(astera_\w+)", literal.astext())
            page = f"reference/{name[1]}_module" if name else ""
            if page in self.env.found_docs and not isinstance(literal.parent, nodes.reference):
                target = self.app.builder.get_relative_uri(self.env.docname, page)
                literal.replace_self(nodes.reference("", "", literal.deepcopy(), internal=True, refuri=target))


def fix_pages(app: Sphinx, exception: Exception | None) -> None:
    for page in Path(app.outdir).rglob("*.html") if exception is None else ():
        text = page.read_text()
        for bad, good in HTML_FIXES.items():
            text = text.replace(bad, good)
        page.write_text(NAMES.sub(lambda found: found["before"] + BREAK.sub("<wbr>", found["name"]), text))


def setup(app: Sphinx) -> None:
    app.connect("build-finished", fix_pages)
    app.add_post_transform(ModuleLinks)
