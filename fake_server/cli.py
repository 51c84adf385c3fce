"""The command line."""

import sys

import click

from fake_server import __version__


@click.group()
@click.version_option(__version__, prog_name="fake-server")
def main() -> None:
    """Serve a fake of three documented REST APIs."""


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=8042, show_default=True, help="Port to listen on; 0 takes a free one."
)
@click.option("--dataset", default="demo", show_default=True, help="Name, or path of a .yaml file.")
def serve(host: str, port: int, dataset: str) -> None:
    """Serve all APIs until interrupted."""
    from fake_server.app import create_app
    from fake_server.edge.server import listening_socket, run, url_of_socket
    from fake_server.world.errors import UserError

    try:
        app = create_app(dataset)
    except UserError as error:
        raise click.ClickException(str(error)) from None
    bound = listening_socket(host, port)
    click.echo(f"Serving on {url_of_socket(bound)}")
    sys.stdout.flush()
    run(app, bound)
