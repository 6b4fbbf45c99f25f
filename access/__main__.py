"""The command line: ``python -m access COMMAND``; ``--help`` lists the commands, one file each in ``commands/``."""

from __future__ import annotations

from importlib import import_module

import click

from geo.console import look_for_little_garbage, write_welsh

COMMANDS = (
    *("times", "journey", "sessions", "week"),
    *("gaps", "standards", "explain", "options"),
    *("measure", "need", "equity", "compare", "deep-end", "posts"),
    *("duplication", "similar", "reliance", "funding"),
    *("notes", "counts", "ready"),
)


class Commands(click.Group):
    """Lists its commands in the order of the way from times to decisions; each is imported when it is asked for, and no other."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in that order."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of ``commands/<name>.py``, None where there is none."""
        if cmd_name not in COMMANDS:
            return None
        name = cmd_name.replace("-", "_")
        command: click.Command = getattr(import_module(f"access.commands.{name}"), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list with each command's whole sentence; click's own cuts sentences off."""
        commands = [(name, self.get_command(ctx, name)) for name in COMMANDS]
        with formatter.section("Commands"):
            formatter.write_dl([(name, command.get_short_help_str(limit=200)) for name, command in commands if command])


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def main() -> None:
    """Who can reach what, there and back, and what would close the gaps.

    AREA is the id of an area (see 'python -m geo areas'), the path of a profile, or a folder that 'python -m geo build' wrote.
    """


if __name__ == "__main__":
    look_for_little_garbage()
    write_welsh()
    main(prog_name="python -m access")
