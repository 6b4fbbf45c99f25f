"""``ready``: compile the routing core."""

from __future__ import annotations

import click

from access.network import AreaNetwork
from access.ready import get_ready
from geo.console import Progress, tell_errors
from geo.opening import open_area


@click.command()
@click.argument("area")
@tell_errors
def ready(area: str) -> None:
    """Compile the routing core, once after installation, so that the first question need not wait for it."""
    network = AreaNetwork(open_area(area, Progress()))
    get_ready(network, Progress())
