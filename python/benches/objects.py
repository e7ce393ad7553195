"""What Python objects cost: `engine.code(case)` against the core alone, measured in one run.

Build with `maturin develop --release` first. Each number is the best of several rounds. `--check` fails when
`engine.code(case)` costs more than 5 us beyond the core.
"""

from __future__ import annotations

import argparse
import sys
import time
from typing import TYPE_CHECKING, Literal

import spinecode as sc
from spinecode._spinecode import _core_seconds

if TYPE_CHECKING:
    from collections.abc import Callable

LIMIT = 5.0
ROUNDS = 15
TIMES = 1000

Trace = Literal["none", "ids"]


def build() -> sc.Case:
    """Make the two-procedure case of the speed targets."""
    return sc.Case(
        "2024-03-05",
        [
            sc.Procedure(
                "facet_injection",
                target="joint",
                levels=["L4-L5", "L5-S1"],
                side="bilateral",
                guidance="fluoroscopy",
                id="p1",
            ),
            sc.Procedure("lumbar_puncture", purpose="diagnostic", levels=["L3-L4"], guidance="none", id="p2"),
        ],
        place_of_service="22",
        setting="professional",
        payer="medicare",
    )


def best(work: Callable[[], object]) -> float:
    """Give the microseconds of one call."""
    seconds = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        for _ in range(TIMES):
            work()
        seconds.append(time.perf_counter() - begun)
    return min(seconds) / TIMES * 1e6


def main() -> int:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help=f"fail when objects add more than {LIMIT} us")
    check: bool = parser.parse_args().check
    engine = sc.Engine()
    case = build()
    data, text = case.to_dict(), case.to_json()
    worst = 0.0

    def read(trace: Trace) -> list[tuple[str, int, tuple[str, ...]]]:
        return [(line.code, line.units, line.modifiers) for line in engine.code(case, trace=trace).billed]

    traces: tuple[Trace, ...] = ("none", "ids")
    for trace in traces:
        core = min(_core_seconds(engine, case, TIMES, trace) for _ in range(ROUNDS)) / TIMES * 1e6
        rows: list[tuple[str, Callable[[], object]]] = [
            ("engine.code(case)", lambda trace=trace: engine.code(case, trace=trace)),  # type: ignore[misc]
            ("... and every billed line read", lambda trace=trace: read(trace)),  # type: ignore[misc]
            ("... and the case built first", lambda trace=trace: engine.code(build(), trace=trace)),  # type: ignore[misc]
            ("engine.code(dictionary)", lambda trace=trace: engine.code(data, trace=trace)),  # type: ignore[misc]
            ("engine.code(JSON text)", lambda trace=trace: engine.code(text, trace=trace)),  # type: ignore[misc]
        ]
        print(f"trace {trace:<32}{'us':>8}{'adds us':>9}{'ratio':>7}")
        print(f"{'core alone':<38}{core:>8.2f}")
        for at, (name, work) in enumerate(rows):
            took = best(work)
            print(f"{name:<38}{took:>8.2f}{took - core:>9.2f}{took / core:>7.2f}")
            if at == 0:
                worst = max(worst, took - core)
    print(f"Python objects add {worst:.2f} us (limit {LIMIT})")
    return 1 if check and worst > LIMIT else 0


if __name__ == "__main__":
    sys.exit(main())
