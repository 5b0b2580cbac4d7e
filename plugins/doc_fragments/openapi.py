# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    # Where to learn of operations that no documentation names.
    DOCUMENTATION = r"""
options:
  openapi_path:
    description:
      - Path of the server's own OpenAPI document, such as C(/swagger/v1/swagger.json).
      - What no public documentation names, as deleting, ending a job and a job's trace, is done only with an operation
        that this document names, that its path describes without doubt, and that needs nothing but one number.
      - Without the option C(/swagger/v1/swagger.json), C(/swagger/Centerprise_Server/swagger.json),
        C(/swagger/docs/v1) and C(/openapi/v1.json) are tried. That the server has such a document is documented, where
        it lies is not.
    type: str
"""
