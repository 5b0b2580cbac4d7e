"""A stand-in of AWX's REST API, as strict as the modules of awx.awx and AWX's own rules for what they send.

It knows the objects that ``playbooks/awx_register.yml`` makes and nothing else. It was compared with AWX 24.6.1
request by request, and must never be gentler; ``tests/awx/test_controller_*.py`` list the rules.
"""

from .server import Controller

__all__ = ["Controller"]
