"""Answers as data frames: one row a line, in pandas or polars, whichever is there."""

from __future__ import annotations

import importlib
import importlib.util
from typing import TYPE_CHECKING, Any

from spinecode._spinecode import CodedCase, EditReport

if TYPE_CHECKING:
    from collections.abc import Iterable

    from spinecode._spinecode import Eras, Explained, Finding, Line, Node, WhatIf, WhyNot

LIBRARIES = ("polars", "pandas")

COLUMNS = (
    "case_id",
    "date_of_service",
    "status",
    "list",
    "line",
    "code",
    "units",
    "modifiers",
    "side",
    "sites",
    "procedures",
    "performed_by",
    "label",
    "rule",
    "confidence",
    "verified_through",
    "reason",
)


FINDINGS = (
    "claim_id",
    "line",
    "code",
    "rule",
    "name",
    "layer",
    "severity",
    "verdict",
    "other_lines",
    "modifier",
    "group",
    "carc",
    "rarc",
    "citations",
    "confidence",
    "message",
)


def to_frame(answers: Iterable[CodedCase | EditReport | Exception], library: str | None = None) -> Any:  # noqa: ANN401
    """Give every line of coded cases, or every finding of edit reports, as a row of a frame.

    The column `list` says where a line stands: `reported`, `billed` or `withheld`; modifiers, sites and procedures are
    joined by commas. A finding stands on the line that must change; a line of another claim is written `claim:line`.
    Errors among the answers (as `code_many` and `edit_many` give them) have no lines and are left out.
    `library` is `polars` or `pandas`; without it, the first of the two that is installed.
    """
    answers = list(answers)
    reports = [answer for answer in answers if isinstance(answer, EditReport)]
    if reports:
        return _frame([_finding(report, one) for report in reports for one in report.findings], FINDINGS, library)
    rows = [row for answer in answers if isinstance(answer, CodedCase) for row in _rows(answer)]
    frames = _library(library)
    if frames.__name__ == "polars":
        text, date, whole = frames.String, frames.Date, frames.Int64
        types = {"date_of_service": date, "verified_through": date, "units": whole, "line": whole}
        return frames.DataFrame(rows, schema={column: types.get(column, text) for column in COLUMNS}, orient="row")
    return frames.DataFrame(rows, columns=list(COLUMNS))


def _library(name: str | None) -> Any:  # noqa: ANN401
    if name is not None and name not in LIBRARIES:
        raise ValueError(f"library: one of {', '.join(LIBRARIES)}")
    for candidate in LIBRARIES if name is None else (name,):
        if importlib.util.find_spec(candidate) is not None:
            return importlib.import_module(candidate)
    wanted = " or ".join(LIBRARIES) if name is None else name
    raise ImportError(f"a frame needs {wanted}: install it beside spinecode")


def _rows(answer: CodedCase) -> Iterable[tuple[Any, ...]]:
    for where, lines in (("reported", answer.reported), ("billed", answer.billed)):
        for number, line in enumerate(lines, 1):
            yield _row(answer, where, number, line, None)
    for number, withheld in enumerate(answer.withheld, 1):
        yield _row(answer, "withheld", number, withheld.line, withheld.reason)


def _finding(report: EditReport, one: Finding) -> tuple[Any, ...]:
    first, *others = one.lines
    likely = one.adjustment
    return (
        report.claim_id,
        first.line,
        first.code,
        one.rule,
        one.name,
        one.layer,
        one.severity,
        one.verdict,
        " ".join(f"{line.claim_id}:{line.line}" if line.claim_id else line.line for line in others),
        one.modifier,
        likely and likely.group,
        likely and likely.carc,
        likely and " ".join(likely.rarc),
        " ".join(one.citations),
        one.confidence,
        str(one),
    )


def _row(answer: CodedCase, where: str, number: int, line: Line, reason: str | None) -> tuple[Any, ...]:
    return (
        answer.case_id,
        answer.date_of_service,
        answer.status,
        where,
        number,
        line.code,
        line.units,
        ",".join(line.modifiers),
        line.side,
        ",".join(line.sites),
        ",".join(line.procedures),
        line.performed_by,
        line.label,
        line.rule,
        line.confidence,
        line.verified_through,
        reason,
    )


def _frame(rows: list[tuple[Any, ...]], columns: tuple[str, ...], library: str | None) -> Any:  # noqa: ANN401
    """Give rows as a frame; columns of dates and whole numbers keep their types where there is no value."""
    frames = _library(library)
    if frames.__name__ == "polars":
        text, date, whole = frames.String, frames.Date, frames.Int64
        # The line of a claim is whatever the claim calls it.
        numbers = () if columns is FINDINGS else NUMBERS
        types = dict.fromkeys(DATES, date) | dict.fromkeys(numbers, whole)
        return frames.DataFrame(rows, schema={column: types.get(column, text) for column in columns}, orient="row")
    return frames.DataFrame(rows, columns=list(columns))


DATES = ("date_of_service", "first_day", "last_day")
NUMBERS = ("stretch", "line", "units", "depth")


def eras_frame(eras: Eras, library: str | None = None) -> Any:  # noqa: ANN401
    """Give every billed line of every stretch as a row; a stretch without lines has one row with its status."""
    columns = ("stretch", "first_day", "last_day", "status", "line", "code", "units", "modifiers", "sites", "label")
    rows = []
    for at, stretch in enumerate(eras.stretches, 1):
        head = (at, stretch.first_day, stretch.last_day, stretch.status)
        lines = [(*head, number, *_of_line(line)) for number, line in enumerate(stretch.billed, 1)]
        rows += lines or [(*head, None, None, None, None, None, None)]
    return _frame(rows, columns, library)


def what_if_frame(what_if: WhatIf, library: str | None = None) -> Any:  # noqa: ANN401
    """Give every billed line before and after as a row."""
    columns = ("when", "date_of_service", "status", "line", "code", "units", "modifiers", "sites", "label")
    rows = [
        (when, coded.date_of_service, coded.status, number, *_of_line(line))
        for when, coded in (("before", what_if.before), ("after", what_if.after))
        for number, line in enumerate(coded.billed, 1)
    ]
    return _frame(rows, columns, library)


def why_not_frame(why: WhyNot, library: str | None = None) -> Any:  # noqa: ANN401
    """Give every change that would put the code into the answer as a row."""
    rows = [(remedy.change.path, remedy.change.value, ", ".join(map(str, remedy.billed))) for remedy in why.changes]
    return _frame(rows, ("path", "value", "billed"), library)


def explained_frame(explained: Explained, library: str | None = None) -> Any:  # noqa: ANN401
    """Give every statement of the tree as a row, in the order of the tree."""
    columns = ("depth", "what", "subject", "result", "rule", "row", "citations")
    rows: list[tuple[Any, ...]] = []

    def add(nodes: tuple[Node, ...], depth: int) -> None:
        for node in nodes:
            cited = ",".join(node.citations)
            rows.append((depth, node.what, node.subject, node.result, node.rule, node.row, cited))
            add(node.children, depth + 1)

    add(explained.tree, 0)
    return _frame(rows, columns, library)


def _of_line(line: Line) -> tuple[Any, ...]:
    return line.code, line.units, ",".join(line.modifiers), ",".join(line.sites), line.label
