"""The command line: ``python -m access COMMAND``; ``--help`` lists the commands, one file each in ``commands/``."""

from __future__ import annotations

import click

from access.commands.compare import compare
from access.commands.counts import counts
from access.commands.deep_end import deep_end
from access.commands.duplication import duplication
from access.commands.equity import equity
from access.commands.explain import explain
from access.commands.funding import funding
from access.commands.gaps import gaps
from access.commands.journey import journey
from access.commands.measure import measure
from access.commands.need import need
from access.commands.notes import notes
from access.commands.options import options
from access.commands.posts import posts
from access.commands.ready import ready
from access.commands.reliance import reliance
from access.commands.sessions import sessions
from access.commands.similar import similar
from access.commands.standards import standards
from access.commands.times import times
from access.commands.week import week
from geo.console import write_welsh


class Commands(click.Group):
    """Lists its commands in the order of the way from times to decisions, each with its whole sentence."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order in which they were added."""
        return list(self.commands)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list; click's own cuts sentences off."""
        rows = [(name, command.get_short_help_str(limit=200)) for name, command in self.commands.items()]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def main() -> None:
    """Who can reach what, there and back, and what would close the gaps.

    AREA is the id of an area (see 'python -m geo areas'), the path of a profile, or a folder that 'python -m geo build' wrote.
    """


for command in (
    *(times, journey, sessions, week),
    *(gaps, standards, explain, options),
    *(measure, need, equity, compare, deep_end, posts),
    *(duplication, similar, reliance, funding),
    *(notes, counts, ready),
):
    main.add_command(command)


if __name__ == "__main__":
    write_welsh()
    main(prog_name="python -m access")
