"""The reference of the command line: `python -m tools.command_reference` prints `docs/commands.md`.

It is what `--help` says of each command. A test holds the page to this.
"""

from collections.abc import Iterator

import click

from fake_server.cli import PROGRAM, commands

_HEAD = f"""# Commands

Every command of `{PROGRAM}` and its options, as `--help` prints them.
"""


def reference() -> str:
    """Return the page in Markdown."""
    return "\n".join([_HEAD, *_sections(commands, PROGRAM, None)])


def _sections(command: click.Command, name: str, parent: click.Context | None) -> Iterator[str]:
    context = click.Context(command, info_name=name, parent=parent, terminal_width=100)
    yield f"## {context.command_path}\n\n```text\n{command.get_help(context)}\n```\n"
    if isinstance(command, click.Group):
        for inner in command.list_commands(context):
            subcommand = command.get_command(context, inner)
            if subcommand is not None:
                yield from _sections(subcommand, inner, context)


if __name__ == "__main__":
    print(reference(), end="")
