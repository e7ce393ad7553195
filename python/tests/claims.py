"""The cases of `tests/claims`, read as claims and options. What the reports must say is judged by the Rust runner."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import yaml

from .conformance import Loader
from .conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = ROOT / "tests" / "claims"
SHARED = ("person_id", "payer", "claim_type", "place_of_service", "rendering_npi", "billing_npi", "state")
OPTIONS = ("payer", "as_of", "alone", "nearest_quarter")


@dataclass(frozen=True)
class Asked:
    """One call: its claims and options, and the fixture release it needs."""

    name: str
    claims: list[dict[str, Any]]
    options: dict[str, Any] = field(default_factory=dict)
    release: str | None = None


def asks() -> list[Asked]:
    """Give every question, in the order of its files."""
    return [asked for path in sorted(FOLDER.rglob("*.yaml")) for asked in _file(path.stem, path.read_text("utf-8"))]


def _file(topic: str, text: str) -> Iterator[Asked]:
    for case in yaml.load(text, Loader)["cases"]:  # noqa: S506
        for at, ask in enumerate(case["asks"]):
            on = str(ask["on"])
            own = copy.deepcopy(case["claim"])
            for path, value in ask.get("change", {}).items():
                _change(own, path, value)
            claims = [own]
            for number, other in enumerate(ask.get("with", []), 2):
                shared = {key: case["claim"][key] for key in SHARED if key in case["claim"]}
                claims.append({"claim_id": f"c{number}", **shared, **other})
            options = {key: ask[key] for key in OPTIONS if key in ask}
            if "repairs" in ask:
                options["repair"] = True
            name = f"{topic}: {case['name']} [{at}]"
            yield Asked(name, [_claim(one, on) for one in claims], options, ask.get("release"))


def _change(claim: Any, path: str, value: Any) -> None:
    *steps, last = path.split(".")
    at = claim
    for step in steps:
        at = at[int(step)] if isinstance(at, list) else at[step]
    if not isinstance(at, list):
        if value is None:
            del at[last]
        else:
            at[last] = value
    elif value is None:
        del at[int(last)]
    elif int(last) == len(at):
        at.append(value)
    else:
        at[int(last)] = value


def _claim(claim: dict[str, Any], on: str) -> dict[str, Any]:
    claim = copy.deepcopy(claim)
    for key in ("lines", "history"):
        if isinstance(claim.get(key), list):
            claim[key] = [_line(one, on) for one in claim[key]]
    if isinstance(claim.get("case"), dict):
        claim["case"].setdefault("date_of_service", on)
    return claim


MARKS = {"x": "units", "$": "charge", "@": "place_of_service"}


def _line(written: Any, on: str) -> dict[str, Any]:
    if isinstance(written, dict):
        return {"date_of_service": on, **written}
    first, *words = f"{written:05}".split() if isinstance(written, int) else written.split()
    code, *modifiers = first.split("-")
    line: dict[str, Any] = {"code": code, "modifiers": modifiers, "date_of_service": on}
    rest = iter(words)
    for word in rest:
        if word == "on":
            line["date_of_service"] = next(rest)
        elif word[0] == ">":
            line["diagnosis_pointers"] = word[1:].split(",")
        else:
            line[MARKS[word[0]]] = word[1:]
    return line
