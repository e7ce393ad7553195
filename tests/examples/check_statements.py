#!/usr/bin/env python3
"""Tells which statements of a rules dossier the conformance cases prove: `check_statements.py RULES.md [CASES]`.

A statement is a table row `| ID | ... | from..to | ...`. It is proven when a conformance case names its id; when it has
a first or a last day after the first day covered, asks must stand on both sides of that day. What is not proven must be
listed with a reason in `statements_not_proven.csv` beside the cases; a statement both proven and listed is a fault too.
Exit code 1 where something is missing.
"""

from __future__ import annotations

import csv
import re
import sys
from datetime import date, timedelta
from pathlib import Path

import yaml

COVERED_FROM = date(2005, 1, 1)
ROW = re.compile(r"^\| ([A-Z][A-Z0-9]*(?:-[A-Z0-9]+)+) \|")
WINDOW = re.compile(r"(\d{4}-\d{2}-\d{2})?\.\.(\d{4}-\d{2}-\d{2})?")


def statements(text: str) -> dict[str, list[date]]:
    """Find each statement with its boundaries: days on which something begins (a first day, the day after a last)."""
    found: dict[str, list[date]] = {}
    for line in text.splitlines():
        if not (row := ROW.match(line)):
            continue
        days: list[date] = []
        cells = line.split(" | ")
        windows = (WINDOW.fullmatch(cell.strip()) for cell in cells[2:])
        if window := next((one for one in windows if one), None):
            first, last = window.groups()
            days += [date.fromisoformat(first)] if first else []
            days += [date.fromisoformat(last) + timedelta(days=1)] if last else []
        # Nothing is asked of a day before the first one covered, nor of a day to come.
        found[row[1]] = [day for day in days if COVERED_FROM < day <= date(2026, 12, 31)]
    return found


def asked(folder: Path) -> dict[str, set[date]]:
    """Find the dates on which the cases that name a statement ask."""
    found: dict[str, set[date]] = {}
    for path in sorted(folder.glob("*/*.yaml")):
        for case in yaml.safe_load(path.read_text(encoding="utf-8"))["cases"]:
            # YAML 1.1 reads the key `on` as true.
            days = {ask.get("on", ask.get(True)) for ask in case["asks"]}
            days = {day if isinstance(day, date) else date.fromisoformat(day) for day in days if day}
            for statement in case.get("statements", []):
                found.setdefault(statement, set()).update(days)
    return found


def listed(folder: Path) -> dict[str, str]:
    """Read what is listed as not proven, with its reason."""
    with (folder / "statements_not_proven.csv").open(encoding="utf-8", newline="") as file:
        return {row["statement"]: row["reason"] for row in csv.DictReader(file)}


def main() -> int:
    """Compare, print, and say whether anything is missing."""
    rules, folder = (Path(path) for path in [*sys.argv[1:], "tests/conformance"][:2])
    wanted, proven, excused = statements(rules.read_text(encoding="utf-8")), asked(folder), listed(folder)
    faults = []
    for statement, days in sorted(wanted.items()):
        if statement not in proven:
            if statement not in excused:
                faults.append(f"{statement}: no conformance case names it and no reason is listed")
            continue
        if statement in excused:
            continue
        for day in days:
            if not any(ask < day for ask in proven[statement]):
                faults.append(f"{statement}: no ask before {day}")
            if not any(ask >= day for ask in proven[statement]):
                faults.append(f"{statement}: no ask on or after {day}")
    # Other pages of the dossier (updates) have ids of their own.
    strange = sorted(set(excused) - set(wanted))
    faults += [f"{statement}: listed as not proven, but the dossier does not have it" for statement in strange]
    both = sum(statement in proven and statement not in excused for statement in wanted)
    count = f"statements: {len(wanted)}, proven {both}, listed with a reason {len(excused)}, faults {len(faults)}"
    sys.stdout.write("\n".join([*faults, count]) + "\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
