"""`fake-server serve`: its options, and the errors of wrong ones."""

from pathlib import Path
from typing import Any

import click

from fake_server.cli import option_values, world_options
from fake_server.testing.variables import TOKEN_VARIABLE

_path = click.Path(path_type=Path, dir_okay=False)


class _Serve(click.Command):
    """Removes the ready file of an earlier server before it reads its options.

    An option with a mistake ends the command, and the file would say that a server is ready.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        from fake_server.cli.ready_file import remove_stale

        if "--help" not in args and not ctx.resilient_parsing:
            remove_stale(args)
        return super().parse_args(ctx, args)


@click.command(cls=_Serve)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Address to listen on; localhost is both 127.0.0.1 and ::1.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8042,
    show_default=True,
    help="Port to listen on; 0 takes a free one.",
)
@click.option("--dataset", default="demo", show_default=True, help="Name, or path of a .yaml file.")
@click.option(
    "--api",
    "apis",
    multiple=True,
    metavar="NAME",
    help="An API to serve; may be given several times.  [default: all]",
)
@world_options.start_options
@world_options.behaviour_options(profile="documented", auth="dataset")
@click.option("--limits", is_flag=True, help="Answer 429 beyond the documented rate limits.")
@click.option("--login", metavar="LOGIN", help="Who logs in without a page, such as norminet.")
@click.option("--store", type=click.Choice(["memory", "disk"]), help="Where the records are kept.")
@click.option(
    "--expire-worlds",
    type=option_values.seconds,
    metavar="SECONDS",
    help="Forget other worlds than `default` that nobody used for so long.",
)
@click.option(
    "--public-url", type=option_values.url, help="Scheme and host of the URLs in answers."
)
@click.option(
    "--control-token",
    type=option_values.token,
    envvar=TOKEN_VARIABLE,
    show_envvar=True,
    help="The control token: it opens /_fake/ to other machines.  [default: one is made and printed"
    " if other machines can reach the server]",
)
@click.option(
    "--allow-host",
    "allow_hosts",
    multiple=True,
    metavar="NAME",
    help="Another name under which /_fake/ is reached; may be given several times.",
)
@click.option(
    "--cache/--no-cache",
    default=True,
    show_default=True,
    help="Remember answers, and give them again while nothing that they depend on changes.",
)
@click.option(
    "--behind-proxy",
    is_flag=True,
    help="Be one of several processes behind a proxy that routes by world: ask everybody for the"
    " control token.",
)
@click.option(
    "--processes",
    type=click.IntRange(2, 64),
    metavar="N",
    help="Serve with so many processes, behind nginx, which must be installed.",
)
@click.option("--tls", is_flag=True, help="Serve HTTPS, with a throw-away authority.")
@click.option(
    "--proxy",
    "proxy_port",
    type=click.IntRange(0, 65535),
    is_flag=False,
    flag_value=0,
    metavar="[PORT]",
    help="Also be the HTTP proxy of the real hosts, for clients that have them hard-coded."
    "  [PORT: a free one]",
)
@click.option(
    "--tls-ca-file",
    type=_path,
    help="Where to write the authority that clients must trust.  [default: a temporary file]",
)
@click.option(
    "--tls-host",
    "tls_hosts",
    multiple=True,
    metavar="[API=]NAME",
    help="The real host of an API, to be served as such; may be given several times.  [API: the one"
    " whose hosts vary]",
)
@click.option(
    "--ready-file",
    type=_path,
    help="Written when requests are answered (JSON: URLs, credentials, pid), removed at the end.",
)
def serve(
    host: str,
    port: int,
    apis: tuple[str, ...],
    behind_proxy: bool,
    processes: int | None,
    tls: bool,
    proxy_port: int | None,
    tls_ca_file: Path | None,
    tls_hosts: tuple[str, ...],
    ready_file: Path | None,
    **application_options: Any,
) -> None:
    """Serve APIs until interrupted."""
    if processes is not None and (tls_hosts or proxy_port is not None or behind_proxy):
        raise click.UsageError("--processes goes without --tls-host, --proxy and --behind-proxy")
    if not tls and proxy_port is None and (tls_ca_file or tls_hosts):
        raise click.UsageError("--tls-ca-file and --tls-host need --tls or --proxy")
    # The other options are those of `create_app`, under the same names.
    application_options["apis"] = apis or None
    if processes is not None:
        from fake_server.cli.cluster.cluster_serving import serve_cluster

        serve_cluster(
            host,
            port,
            processes,
            tls=tls,
            ca_file=tls_ca_file,
            ready_file=ready_file,
            options=application_options,
        )
        return
    from fake_server.cli.serving import serve_until_interrupted

    serve_until_interrupted(
        host,
        port,
        tls=tls,
        proxy_port=proxy_port,
        ca_file=tls_ca_file,
        ready_file=ready_file,
        behind_proxy=behind_proxy,
        hosts=tls_hosts,
        **application_options,
    )
