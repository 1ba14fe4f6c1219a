"""`dateline init`: a config to start from."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import click


@click.command("init")
@click.argument(
    "path", metavar="[PATH]", type=click.Path(path_type=Path), default=Path("dateline.toml")
)
def command(path: Path) -> int:
    """Write a commented config to PATH (dateline.toml): four live sources, two sample watches."""
    text = files("monitor").joinpath("starter.toml").read_text(encoding="utf-8")
    try:
        if path.is_dir():
            path /= "dateline.toml"
        _write(path, text)
    except FileExistsError:
        raise click.ClickException(
            f"{path} is there already and stays as it is; name another path, or remove it first"
        ) from None
    except OSError as error:
        raise click.ClickException(
            f"{path} cannot be written: {error.strerror}; name another place"
        ) from error
    option = "" if path == Path("dateline.toml") else f"--config {path} "
    click.echo(f"Wrote {path}. Next: give a contact in it, for the keepers of the sites you visit;")
    click.echo(f"then dateline {option}check and dateline {option}run.")
    return 0


def _write(path: Path, text: str) -> None:
    """Write a new file, or none: half a config would stand in the way of the next try."""
    with path.open("x", encoding="utf-8") as file:
        try:
            file.write(text)
            file.flush()
        except OSError:
            path.unlink()
            raise
