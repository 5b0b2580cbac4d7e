"""A stand-in of AWX's REST API, as strict as the modules of awx.awx and AWX's own rules for what they send.

It knows the objects that ``playbooks/awx_register.yml`` makes and nothing else. Nobody compared it with a real AWX.
"""

from .server import Controller

__all__ = ["Controller"]
