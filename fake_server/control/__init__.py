"""The control plane, `/_fake/`: worlds and their clocks over HTTP. It is no part of the APIs."""

from fake_server.control.blueprint import control_blueprint

__all__ = ["control_blueprint"]
