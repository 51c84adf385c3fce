"""`fake-server learn`: a dataset from recordings."""

from pathlib import Path

import click

from fake_server.errors import OutputError

_path = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("recordings", metavar="RECORDING...", nargs=-1, required=True, type=_path)
@click.option("-o", "--output", type=_path, required=True, help="Where to write the dataset.")
@click.option(
    "--api",
    "apis",
    multiple=True,
    metavar="NAME",
    help="An API whose exchanges are read; may be given several times.  [default: all]",
)
@click.option(
    "--profile",
    type=click.Choice(["documented", "live"]),
    default="documented",
    show_default=True,
    help="The profile of the fake that the requests are replayed against.",
)
def learn(recordings: tuple[Path, ...], output: Path, apis: tuple[str, ...], profile: str) -> int:
    """Write the dataset that answers the requests of each RECORDING as the service did.

    A RECORDING is a HAR file, a cassette of vcrpy, or in Understudy's own form. The GETs are
    replayed against the dataset; each exchange that it does not explain gets a line. Status 0 if
    all are explained, 1 if some are not, 2 for a file that cannot be read.
    """
    from fake_server.learning.from_recordings import learn as learn_dataset
    from fake_server.world.export import dataset_text

    learned = learn_dataset(recordings, apis, "live" if profile == "live" else "documented")
    try:
        output.write_text(dataset_text(learned.document), encoding="utf-8")
    except OSError as error:
        raise OutputError(f"{output}: cannot be written: {error.strerror}") from None
    for line in learned.unexplained:
        click.echo(line)
    for note in learned.notes:
        click.echo(f"note: {note}")
    explained = learned.exchanges - len(learned.unexplained)
    click.echo(f"{output}: explains {explained} of {learned.exchanges} exchanges")
    return 1 if learned.unexplained else 0
