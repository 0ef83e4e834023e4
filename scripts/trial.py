"""Takes real comments from a labelled CSV through the whole road: set-up, import, close by two guardians, release.

Usage: .venv/bin/python scripts/trial.py LABELLED.csv THEMES.toml FOLDER

LABELLED.csv has the columns text,themes. Areas and days of one quarter are drawn with a fixed seed. The last lines say
how the release's measured values differ from the true counts.
"""

import argparse
import csv
import datetime as dt
import json
import os
import random
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path

PASSPHRASE = "a trial with real comments"  # noqa: S105 - of a trial that is thrown away
QUARTER, FIRST = "2026-Q3", dt.date(2026, 7, 6)
AREAS = {"Inpatients": 900, "Outpatients": 1400, "Community": 2600}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("labelled", "themes", "folder"):
        parser.add_argument(name, type=Path)
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True)
    (chosen.folder / "answers.toml").write_text(answers(chosen.themes.resolve()))
    true = rows(chosen.labelled, chosen.folder / "flags.csv")
    concerns(chosen.folder, "init", "--answers", str(chosen.folder / "answers.toml"))
    concerns(chosen.folder, "import-flags", str(chosen.folder / "flags.csv"), "--guardian", "gita@example.org")
    for guardian in ("gita", "gwen"):
        concerns(chosen.folder, "close", QUARTER, "--guardian", f"{guardian}@example.org")
    release = json.loads(concerns(chosen.folder, "release", QUARTER, "--measured"))
    names = {theme["code"]: theme["name"] for theme in tomllib.loads(chosen.themes.read_text())["themes"]}
    differences = []
    for node in release["nodes"]:
        counted = true[names.get(node["theme"], node["theme"])]
        differences.append(node["measured"] - counted)
        shown = node["shown"]["value"] if node["shown"] else "hidden"
        print(
            f"{names.get(node['theme'], node['theme']):<40} true {counted:>4}  measured {node['measured']:>4}  {shown}"
        )
    print(
        f"{sum(true.values())} flags, {len(release['nodes'])} nodes, grain {release['grain']}, ε {release['epsilon']}"
    )
    print(f"largest difference of a node {max(map(abs, differences))}, of the total {abs(sum(differences))}")


def answers(themes: Path) -> str:
    """A rehearsal with two guardians."""
    areas = "".join(
        f'[[areas]]\nname = "{name}"\ndivision = "{name}"\nstaff = {staff}\n' for name, staff in AREAS.items()
    )
    people = "".join(
        f'[[people]]\nname = "{name}"\nemail = "{name.lower()}@example.org"\nroles = ["guardian"]\n'
        f'passphrase = "{PASSPHRASE}"\n'
        for name in ("Gita", "Gwen")
    )
    head = f'[organisation]\nname = "Trial"\nsector = "nhs"\nflags_per_year = 1200\nthemes = "{themes}"\n'
    return head + areas + people


def rows(labelled: Path, target: Path) -> Counter[str]:
    """Write the comments as flags of one quarter; returns the true counts by primary theme."""
    chance, counts = random.Random(1), Counter[str]()  # noqa: S311 - repeatable on purpose
    with labelled.open(encoding="utf-8") as source, target.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["collected_on", "area", "theme", "worry", "harm", "text"])
        for row in csv.DictReader(source):
            day = FIRST + dt.timedelta(days=chance.randrange(80))
            writer.writerow([day, chance.choice([*AREAS, ""]), row["themes"], "", "", row["text"]])
            counts[row["themes"].split("|")[0]] += 1
    return counts


def concerns(folder: Path, *words: str) -> str:
    """Run the command on this trial's instance."""
    environ = os.environ | {"CONCERNS_DIRECTORY": str(folder / "instance"), "CONCERNS_PASSPHRASE": PASSPHRASE}
    command = [sys.executable, "-m", "concerns", *words]
    return subprocess.run(command, env=environ, check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    main()
