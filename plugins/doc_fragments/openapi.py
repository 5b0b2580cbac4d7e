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
      - Path of the server's own OpenAPI document, such as C(/swagger/v1/swagger.json). By default the usual paths are
        tried.
      - The vendor does not document how to delete objects, terminate jobs or read traces. The module uses an operation
        for it only if this document lists exactly one that needs nothing but an integer in its path.
    type: str
"""

    # Operations that the user names outright. The paths of the samples are made up.
    DELETE = r"""
options:
  delete_operation:
    description:
      - Method (C(POST), C(PUT) or C(DELETE)) and path of the operation that deletes the object, such as C(DELETE
        /made-up-path/{id}). Name only one that your server is known to have, since the vendor documents none.
      - It replaces the search in the OpenAPI document. It is sent without a body, only for O(state=absent) when the
        object exists, and never in check mode.
    type: str
"""
    JOBS = r"""
options:
  terminate_operation:
    description:
      - Method (C(POST), C(PUT) or C(DELETE)) and path of the operation that terminates a job, such as C(POST
        /made-up-path/{id}/end). Name only one that your server is known to have, since the vendor documents none.
      - It replaces the search in the OpenAPI document. It is sent without a body, only when a job is to end, and never
        in check mode.
    type: str
  trace_operation:
    description:
      - Method C(GET) and path of the operation that reads the trace of a job, such as C(GET /made-up-path/{id}/trace).
        Name only one that your server is known to have, since the vendor documents none.
      - It replaces the search in the OpenAPI document.
    type: str
"""
