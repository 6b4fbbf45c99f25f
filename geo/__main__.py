"""The command line: ``python -m geo areas | build | check | download | demo``."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click

from geo.build import build_area
from geo.check import check_area
from geo.check_text import as_json, as_text
from geo.console import Progress, look_for_little_garbage, tell_errors, write_welsh
from geo.demo import SEED, write_demo
from geo.download import download
from geo.errors import ProfileError
from geo.opening import PROJECT, area_profiles, find_profile, open_area
from geo.profile import read_profile
from geo.store import check_folder, save_area


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def main() -> None:
    """Load, check and keep areas: the ground that 'python -m access' and the dashboard stand on.

    An AREA is the id of a profile in data/areas, the path of a profile (.toml), or the folder of a built area.
    """


@main.command()
@tell_errors
def areas() -> None:
    """List the areas that have a profile in data/areas."""
    for area_id, path in area_profiles().items():
        try:
            profile = read_profile(path)
        except ProfileError as error:
            click.echo(f"{area_id:<24} cannot be read: {error}")
            continue
        fictional = "  (fictional)" if profile.is_fictional else ""
        click.echo(
            f"{area_id:<24} {profile.name_en} · {profile.name_cy}, {profile.service_date.isoformat()}{fictional}"
        )


@main.command()
@click.argument("profile")
@click.option("--out", type=click.Path(path_type=Path), required=True, metavar="DIR", help="Folder for the built area.")
@tell_errors
def build(profile: str, out: Path) -> None:
    """Load, check and keep the area that PROFILE describes: a .toml file, or its id in data/areas.

    The folder is written whole or not at all; an area that is already there is replaced.
    """
    check_folder(out)  # before minutes are spent on what could not be kept
    area = build_area(find_profile(profile), Progress())
    save_area(area, out)
    for finding in area.quality.findings:
        if finding.startswith("WARNING"):
            click.echo(finding, err=True)
    refused = sum(quality.rows_refused for quality in area.quality.sources)
    click.echo(
        f"{out}: {len(area.zones)} zones, {len(area.sessions)} sessions, {refused} rows refused. Digest {area.public_digest[:12]}."
    )
    click.echo(f"'python -m geo check {out}' says what was refused and why.")
    # A program of its own, so that no import goes up the house: whoever asks first must not wait for the compiler.
    subprocess.run([sys.executable, "-m", "access", "ready", str(out.resolve())], cwd=PROJECT, check=False)


@main.command()
@click.argument("area")
@click.option("--json", "wants_json", is_flag=True, help="The whole report as JSON, nothing cut.")
@tell_errors
def check(area: str, wants_json: bool) -> None:
    """Print the data-quality report of AREA.

    Rows in, kept and refused with their numbers and the reason, vintage and licence of each source; how far each place
    lies from a street; zones that are not placed, with their people; the services running on the service date.
    """
    opened = open_area(area, Progress())
    found = check_area(opened)
    click.echo(as_json(opened, found) if wants_json else as_text(opened, found))


@main.command("download")
@click.argument("profile")
@tell_errors
def fetch(profile: str) -> None:
    """Fetch the files for which PROFILE gives a url, and put each where the profile looks for it.

    Only https is used; a file whose sha256 is not the profile's is refused. Files that are there already stay.
    """
    fetched = download(find_profile(profile), Progress())
    for name, sha256 in fetched.items():
        click.echo(f"{name}: fetched, sha256 {sha256}")
    if not fetched:
        click.echo("Nothing to fetch: every file with a url is there.")


@main.command()
@click.option("--out", type=click.Path(path_type=Path), required=True, metavar="DIR", help="Folder for the files.")
@click.option("--seed", type=int, default=SEED, show_default=True, help="The same seed gives the same content.")
@tell_errors
def demo(out: Path, seed: int) -> None:
    """Write the files of the fictional demonstration area, Cantre'r Gwaelod."""
    write_demo(out, seed=seed, progress=Progress())
    click.echo(f"{out}: written. It is fictional.")


if __name__ == "__main__":
    look_for_little_garbage()
    write_welsh()
    main(prog_name="python -m geo")
