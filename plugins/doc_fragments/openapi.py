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
      - Path of the server's own OpenAPI document, by default one of the usual paths. It may list undocumented
        operations.
    type: str
"""

    # Operations that the user names outright. The paths of the samples are made up.
    DELETE = r"""
options:
  delete_operation:
    description:
      - Method and path of the operation that deletes the object, such as C(DELETE /made-up-path/{id}). The vendor
        documents none.
    type: str
"""
    JOBS = r"""
options:
  terminate_operation:
    description:
      - Method and path of the operation that terminates a job, such as C(POST /made-up-path/{id}/end). The vendor
        documents none.
    type: str
  trace_operation:
    description:
      - C(GET) and path of the operation that reads the trace of a job, such as C(GET /made-up-path/{id}/trace). The
        vendor documents none.
    type: str
"""
