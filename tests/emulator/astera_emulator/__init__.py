"""A test double of the Astera Integration Server's REST API, served over real HTTPS."""

from .server import Emulator

__all__ = ["Emulator"]
