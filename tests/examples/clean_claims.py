#!/usr/bin/env python3
"""Edits right claims: `clean_claims.py VIGNETTES.jsonl`.

Every vignette's expected lines, as a claim of its payer, should raise nothing in form, life of codes and code set.
Prints each alarm and the false alarms per 100 clean claims. Exit 1 where there is one.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from answer_vignettes import Facts, claim, edited

EARLY = ("form", "code_life", "code_set")
# The facts begin here.
BEGINS = "2005-01-01"


def main(argv: list[str]) -> int:
    """Read the vignettes of a file, edit their expected lines, tell what was raised."""
    match argv:
        case [_, file]:
            pass
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    import spinecode as sc

    engine = sc.Engine()
    texts = Path(file).read_text(encoding="utf-8").splitlines()
    vignettes: list[Facts] = [json.loads(text) for text in texts if text.strip()]
    clean = [one for one in vignettes if one["expected_lines"] and one["dos"] >= BEGINS]
    alarms = 0
    for vignette in clean:
        written = claim(vignette, vignette["expected_lines"], None)
        for findings in edited(engine, sc.InputError, vignette["id"], [written]):
            raised = [
                f"{one['rule']} {one['verdict']} {one['lines'][0]['code']}"
                for one in findings
                if one["layer"] in EARLY and one["verdict"] in ("fail", "warn")
            ]
            if raised:
                alarms += 1
                print(f"{vignette['id']}: {', '.join(raised)}")
    print(f"clean claims: {alarms} of {len(clean)} raise something, {100 * alarms / max(len(clean), 1):.1f} per 100")
    return 1 if alarms else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
