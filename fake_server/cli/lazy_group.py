"""Commands whose modules are imported at first use, so that a server starts quickly."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click


class LazyGroup(click.Group):
    """A group with further commands, each imported at its first use.

    - `lazy`: the `module:attribute` of each further command, by its name.
    - `aliases`: the same, by other names of commands, which no list shows.
    """

    def __init__(
        self, *args: Any, lazy: Mapping[str, str], aliases: Mapping[str, str], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self._lazy = {**lazy, **aliases}
        self._aliases = frozenset(aliases)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands in alphabetical order, each once."""
        # A used command is in both mappings.
        return sorted({*self.commands, *self._lazy} - self._aliases)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command by name, imported at first use; None if there is none."""
        if cmd_name not in self.commands and cmd_name in self._lazy:
            module, _, attribute = self._lazy[cmd_name].partition(":")
            self.add_command(getattr(import_module(module), attribute), cmd_name)
        return super().get_command(ctx, cmd_name)
