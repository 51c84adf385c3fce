"""The control plane, `/_fake/`: worlds and their clocks over HTTP. Never part of the APIs."""

from fake_server.control.routes import control_blueprint

__all__ = ["control_blueprint"]
