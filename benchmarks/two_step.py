"""Compare our floating catchments with PySAL's ``access``: ``python -m benchmarks.two_step PYTHON`` (equality to 1e-9).

Its import name is our folder's, so it runs in an environment of its own: ``python -m venv elsewhere``, then ``elsewhere/bin/pip install
access``, and PYTHON is that environment's interpreter. Without it the comparison is skipped, and says so.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from access.decay import STEPS, Step
from access.measures.catchments import catchment

SEED, ORIGINS, SESSIONS = 0, 400, 60
TOLERANCE = 1e-9
WEIGHTS = {"2SFCA": Step(((30.0, 1.0),)), "E2SFCA": STEPS["e2sfca_60"][0], "3SFCA": STEPS["3sfca_60"][0]}

THEIRS = """
import json, sys, time, warnings
import numpy as np, pandas as pd
from access.fca import two_stage_fca, three_stage_fca
from access.weights import step_fn
warnings.filterwarnings("ignore")
asked = json.load(open(sys.argv[1]))
minutes = np.array(asked["minutes"], dtype=float)
session, origin = np.nonzero(np.isfinite(minutes))
cost = pd.DataFrame({"origin": origin, "dest": session, "cost": minutes[session, origin]})
demand = pd.DataFrame({"demand": asked["people"]}).rename_axis("geoid")
supply = pd.DataFrame({"supply": asked["supply"]}).rename_axis("geoid")
found = {}
for name, steps in asked["weights"].items():
    weight = step_fn({float(until): value for until, value in steps})
    method = three_stage_fca if name == "3SFCA" else two_stage_fca
    began = time.perf_counter()
    values = method(demand, supply, cost.copy(), max_cost=steps[-1][0], demand_index=True, supply_index=True, weight_fn=weight)
    took = time.perf_counter() - began
    found[name] = {"values": values.reindex(range(len(demand)), fill_value=0.0).tolist(), "seconds": took}
json.dump(found, open(sys.argv[2], "w"))
"""


def compare(python: Path) -> bool:
    """Run both on one made matrix, print the greatest difference and the times, and say whether all agree."""
    chance = np.random.default_rng(SEED)
    minutes = chance.uniform(1, 90, (SESSIONS, ORIGINS))
    minutes[chance.random(minutes.shape) < 0.2] = np.nan  # no way
    people = chance.integers(1, 2000, ORIGINS).astype(float)
    supply = chance.integers(1, 60, SESSIONS).astype(float)
    with tempfile.TemporaryDirectory() as folder:
        asked, answered = Path(folder) / "asked.json", Path(folder) / "answered.json"
        steps = {name: decay.weights for name, decay in WEIGHTS.items()}
        rows = [[None if np.isnan(cell) else cell for cell in row] for row in minutes]
        asked.write_text(
            json.dumps({"minutes": rows, "people": people.tolist(), "supply": supply.tolist(), "weights": steps})
        )
        command = [str(python), "-I", "-c", THEIRS, str(asked), str(answered)]  # -I: their package, not our folder
        subprocess.run(command, check=True, cwd=folder)
        theirs = json.loads(answered.read_text())
    agree = True
    for name, decay in WEIGHTS.items():
        began = time.perf_counter()
        ours = catchment(minutes, people, supply, decay, with_choice=name == "3SFCA")
        took = time.perf_counter() - began
        most = float(np.abs(ours - theirs[name]["values"]).max())
        agree &= most <= TOLERANCE
        print(f"{name:7} greatest difference {most:.1e}   ours {took:.4f} s   PySAL {theirs[name]['seconds']:.4f} s")
    return agree


def main() -> None:
    """Compare, or say why not."""
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_file():
        print("Skipped: give the Python of an environment that has PySAL's 'access' (see this file's first lines).")
        return
    if not compare(Path(sys.argv[1])):
        sys.exit(f"They differ by more than {TOLERANCE:g}.")


if __name__ == "__main__":
    main()
