# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    # Where to find operations that no documentation names.
    DOCUMENTATION = r"""
options:
  openapi_path:
    description:
      - Path of the server's own OpenAPI document, such as C(/swagger/v1/swagger.json).
      - Deleting, ending a job and reading its trace are not publicly documented by the vendor. Without an option that
        names the operation, the one in this document is used, if it names exactly one that needs nothing but an integer
        in its path.
      - Without the option C(/swagger/v1/swagger.json), C(/swagger/Centerprise_Server/swagger.json),
        C(/swagger/docs/v1) and C(/openapi/v1.json) are tried. That the server has such a document is documented, its
        path is not.
    type: str
"""

    # Operations that the user names outright. The paths of the samples are made up.
    DELETE = r"""
options:
  delete_operation:
    description:
      - Method and path of the operation that deletes the object, with one placeholder for its id, such as
        C(DELETE /made-up-path/{id}).
      - The vendor does not publicly document such an operation, and the path of the sample is made up. Name only an
        operation that your server is known to have.
      - The method is C(POST), C(PUT) or C(DELETE), and the request has no body. The OpenAPI document is not read.
      - Used only for O(state=absent) when the object exists, and never in check mode.
    type: str
"""
    JOBS = r"""
options:
  terminate_operation:
    description:
      - Method and path of the operation that ends a job, with one placeholder for its id, such as
        C(POST /made-up-path/{id}/end).
      - The vendor does not publicly document such an operation, and the path of the sample is made up. Name only an
        operation that your server is known to have.
      - The method is C(POST), C(PUT) or C(DELETE), and the request has no body. The OpenAPI document is not read.
      - Used only when a job is to end, and never in check mode.
    type: str
  trace_operation:
    description:
      - Method and path of the operation that shows the trace of a job, with one placeholder for its id, such as
        C(GET /made-up-path/{id}/trace).
      - The vendor does not publicly document such an operation, and the path of the sample is made up. Name only an
        operation that your server is known to have.
      - The method is C(GET). The OpenAPI document is not read.
    type: str
"""
