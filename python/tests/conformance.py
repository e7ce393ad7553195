"""The conformance cases: reading them strictly, and judging an engine's answers by them.

The format is described in `tests/conformance/README.md` of the repository.
"""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

import yaml

import spinecode as sc

from .conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

FOLDER = ROOT / "tests" / "conformance"
CPT = "cpt"


class Loader(yaml.SafeLoader):
    """YAML as the other faces read it: `on` is a word, and a date is text."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith((":bool", ":timestamp"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$", re.IGNORECASE), list("tTfF"))


@dataclass(frozen=True)
class Ask:
    """One question about a case's facts."""

    name: str
    case: dict[str, Any]
    on: str
    as_of: str | None = None
    change: dict[str, Any] = field(default_factory=dict)
    status: str = "coded"
    reported: list[str] | None = None
    billed: dict[str, list[str]] = field(default_factory=dict)
    withheld: dict[str, list[str]] = field(default_factory=dict)
    not_reported: list[str] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)
    codings: list[list[str]] | None = None
    notices: list[str] = field(default_factory=list)
    no_notices: list[str] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)
    error: list[str] | None = None

    @property
    def profiles(self) -> list[str]:
        """The profiles it is asked under; `cpt` always is."""
        return [CPT, *sorted({*self.billed, *self.withheld} - {CPT})]

    def input(self) -> dict[str, Any]:
        """Give the case to be coded: the shared facts, the date, the changes."""
        case = copy.deepcopy(self.case)
        case["date_of_service"] = self.on
        for path, value in self.change.items():
            *steps, last = (int(step) if step.isdigit() else step for step in path.split("."))
            at: Any = case
            for step in steps:
                at = at[step]
            if value is None:
                at.pop(last, None)
            else:
                at[last] = value
        return case


def _asks(path: Path) -> Iterator[Ask]:
    topic = path.relative_to(FOLDER).with_suffix("").as_posix()
    content = yaml.load(path.read_text(encoding="utf-8"), Loader)  # noqa: S506 - a SafeLoader
    _strict(topic, content, {"family", "topic", "cases"})
    for case in content["cases"]:
        _strict(topic, case, {"name", "why", "statements", "citations", "case", "asks"})
        for at, ask in enumerate(case["asks"]):
            name = f"{topic}: {case['name']} [{at}] {ask['on']}"
            _strict(name, ask, {one.name for one in fields(Ask)} - {"name", "case"})
            yield Ask(name=name, case=case["case"], **ask)


def _strict(where: str, mapping: dict[str, Any], known: set[str]) -> None:
    if unknown := set(mapping) - known:
        raise ValueError(f"{where}: unknown keys {sorted(unknown)}")


def asks() -> list[Ask]:
    """Read all of them, in order of file."""
    return [ask for path in sorted(FOLDER.rglob("*.yaml")) for ask in _asks(path)]


def ask_of(engine: sc.Engine, ask: Ask, profile: str) -> sc.CodedCase | sc.SpinecodeError:
    """Ask; an error is an outcome too."""
    try:
        return engine.code(ask.input(), payer=profile, as_of=ask.as_of)
    except sc.SpinecodeError as error:
        return error


def _text(code: object) -> str:
    """YAML reads a bare code of digits as a number."""
    return f"{code:05}" if isinstance(code, int) else str(code).removesuffix(" x1")


def _texts(lines: Iterable[object]) -> list[str]:
    return sorted(map(_text, lines))


def _written(lines: Iterable[sc.Line]) -> list[str]:
    return sorted(
        "-".join((line.code, *line.modifiers))
        + ("" if line.side is None else f" {line.side}")
        + ("" if line.units == 1 else f" x{line.units}")
        for line in lines
    )


def faults(ask: Ask, outcomes: dict[str, sc.CodedCase | sc.SpinecodeError]) -> list[str]:  # noqa: C901 - one check a key
    """Judge the outcomes, by profile; an empty list is a pass."""
    found = []

    def expect(what: str, wanted: object, got: object) -> None:
        if wanted != got:
            found.append(f"{what}: wanted {wanted}, got {got}")

    def subset(what: str, wanted: Iterable[object], got: Iterable[str]) -> None:
        there = list(got)
        found.extend(f"{what}: `{_text(one)}` is missing from {there}" for one in wanted if _text(one) not in there)

    first = outcomes[CPT]
    if ask.error is not None:
        got = (
            [f"{fault.path} {fault.reason}" for fault in first.violations]
            if isinstance(first, sc.SpinecodeError)
            else ["no error"]
        )
        expect("error", sorted(ask.error), sorted(got))
        return found
    if isinstance(first, sc.SpinecodeError):
        return [f"refused: {first}"]
    expect("status", ask.status, first.status)
    subset("not_reported", ask.not_reported, (one.code for one in first.not_reported))
    subset("questions", ask.questions, (question.fact for question in first.questions))
    if ask.codings is not None:
        expect("codings", sorted(map(_texts, ask.codings)), sorted(_written(coding.billed) for coding in first.codings))
    reasons = [notice.reason for notice in first.notices]
    subset("notices", ask.notices, reasons)
    expect("no_notices", [], [reason for reason in ask.no_notices if reason in reasons])
    rules = () if first.explanation is None else first.explanation.rules
    subset("rules", ask.rules, (rule.split("/")[0] for rule in rules))
    for profile, outcome in outcomes.items():
        if isinstance(outcome, sc.SpinecodeError):
            found.append(f"{profile}: {outcome}")
            continue
        if ask.reported is not None:
            expect(f"reported under {profile}", _texts(ask.reported), _written(outcome.reported))
        if profile in ask.billed:
            expect(f"billed {profile}", _texts(ask.billed[profile]), _written(outcome.billed))
        if profile in ask.withheld:
            expect(
                f"withheld {profile}",
                _texts(ask.withheld[profile]),
                sorted({one.line.code for one in outcome.withheld}),
            )
    return found
