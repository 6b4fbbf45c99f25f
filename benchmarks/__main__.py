"""``python -m benchmarks [ROW …]``: measure all rows, or some; keep the results and write the table of docs/performance.md.

Each row runs in a process of its own, so that its peak of memory is its own.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click

from benchmarks import growth, streets, weeks, windows
from benchmarks.harness import Measured
from benchmarks.scale import write_scale
from benchmarks.table import RESULTS, write_table

ROWS: dict[str, Callable[[], Measured]] = {
    "newport-2023": windows.newport_2023,
    "newport-2024": windows.newport_2024,
    "national-window": windows.national_window,
    "street-matrix": streets.street_matrix,
    "whole-week": weeks.whole_week,
    "whole-week-zones": weeks.whole_week_by_zone,
    "add-route": weeks.add_route_demo,
    "add-route-national": weeks.add_route_national,
    "load-area": weeks.load,
    "growth": growth.measure,
}
MARK = "measured: "


@click.command()
@click.argument("rows", nargs=-1, type=click.Choice(list(ROWS)))
@click.option("--in-this-process", is_flag=True, hidden=True)
def main(rows: tuple[str, ...], in_this_process: bool) -> None:
    """Measure ROWS, all by default, against our peers where they are installed."""
    if in_this_process:
        click.echo(MARK + json.dumps(ROWS[rows[0]]().as_json(), ensure_ascii=False))
        return
    results = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.is_file() else {}
    failed = []
    for row in rows or tuple(ROWS):
        click.echo(f"{row} …")
        found = _measure(row)
        if found is None:
            failed.append(row)
            continue
        results[row] = found
        click.echo(f"  {found['shown']}  (target: {found['target']})")
        for name, ratio in found["ratios"].items():
            click.echo(f"  {name}: {ratio} × our time")
        ordered = {name: results[name] for name in ROWS if name in results}
        RESULTS.write_text(json.dumps(ordered, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        write_table(ordered)
        write_scale(ordered)
    if failed:
        click.echo(f"Not measured: {', '.join(failed)}.", err=True)
        raise SystemExit(1)


def _measure(row: str) -> dict | None:
    command = [sys.executable, "-m", "benchmarks", row, "--in-this-process"]
    ran = subprocess.run(
        command, cwd=Path(__file__).resolve().parent.parent, capture_output=True, text=True, check=False
    )
    _, found, said = ran.stdout.rpartition(MARK)  # a peer may write before it on the same line
    if ran.returncode or not found:
        click.echo("\n".join(line[:300] for line in ran.stderr.strip().splitlines()[-4:]), err=True)
        return None
    return json.loads(said)


if __name__ == "__main__":
    main(prog_name="python -m benchmarks")
