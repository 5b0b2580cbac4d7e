# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How Sphinx builds the documentation site; ``make docs`` runs it.

The source folder is made by ``tests/tools/build_site``: a copy of the checkout, so that the Markdown pages are taken as
they are and their links hold, and ``reference``, written by antsibull-docs.
"""

from __future__ import annotations

from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
GALAXY = yaml.safe_load((ROOT / "galaxy.yml").read_text())

project = f"{GALAXY['namespace']}.{GALAXY['name']}"
project_copyright = "2026, " + ", ".join(GALAXY["authors"])
release = GALAXY["version"]

extensions = ["myst_parser", "sphinx.ext.intersphinx", "sphinx_antsibull_ext"]
root_doc = "index"
include_patterns = [
    "index.md",
    "*.md",
    "docs/*.md",
    "examples/orders/README.md",
    "reference/*.rst",
    "roles/*/README.md",
    "tests/bench/README.md",
    "tests/emulator/README.md",
]

# Headings get the anchors that a git forge gives them.
myst_heading_anchors = 4

nitpicky = True
# The labels that antsibull's pages name; build_site writes the inventory, so no network is needed.
intersphinx_mapping = {"ansible": ("https://docs.ansible.com/ansible/latest/", "ansible.inv")}

highlight_language = "text"

html_theme = "furo"
html_title = project
html_static_path = ["static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sphinx = False
html_use_index = False
html_theme_options = {"navigation_with_keys": True}
