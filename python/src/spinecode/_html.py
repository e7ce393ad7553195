"""A coded case as HTML, for notebooks."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from spinecode._spinecode import CodedCase, Line


def coded_case(answer: CodedCase) -> str:
    """Show an answer: lines, what is not reported and why, questions, notices, what it rests on."""
    knowledge = answer.knowledge
    title = f"{answer.date_of_service.isoformat()} · {answer.status} · profile {knowledge.profile}"
    if answer.case_id is not None:
        title = f"{answer.case_id} · {title}"
    parts = [
        f"<p><b>{escape(title)}</b></p>",
        _lines("Billed", answer.billed),
        _lines("Reported", answer.reported),
        _table(
            "Withheld",
            ("line", "layer", "reason", "rule"),
            ((str(item.line), item.layer, _reason(item.reason, item.args), item.rule) for item in answer.withheld),
        ),
        _table(
            "Not reported",
            ("code", "reason", "rule"),
            ((item.code, _reason(item.reason, item.args), item.rule) for item in answer.not_reported),
        ),
        _table(
            "Questions",
            ("question", "fact", "values"),
            ((item.text, item.path, ", ".join(item.values)) for item in answer.questions),
        ),
        _table(
            "Possible codings",
            ("if", "billed"),
            (
                (
                    ", ".join(f"{item.path} = {item.value}" for item in coding.assuming),
                    ", ".join(str(line) for line in coding.billed),
                )
                for coding in answer.codings
            ),
        ),
        _table(
            "Notices",
            ("notice", "about"),
            ((_reason(item.reason, item.args), item.subject or "") for item in answer.notices),
        ),
    ]
    if answer.explanation is not None and answer.explanation.citations:
        parts.append(f"<p>Sources: {escape(', '.join(answer.explanation.citations))}</p>")
    parts.append(f"<p><small>engine {escape(knowledge.engine)}, facts {escape(knowledge.facts)}</small></p>")
    return f'<div class="spinecode">{"".join(parts)}</div>'


def _lines(caption: str, lines: Iterable[Line]) -> str:
    return _table(
        caption,
        ("code", "units", "what", "sites", "rule", "verified through"),
        (
            (
                "-".join((line.code, *line.modifiers)),
                str(line.units),
                line.label,
                ", ".join(line.sites),
                line.rule,
                "" if line.verified_through is None else line.verified_through.isoformat(),
            )
            for line in lines
        ),
    )


def _reason(reason: str, args: Mapping[str, str]) -> str:
    return " ".join((reason.replace("_", " "), *(f"({key}: {value})" for key, value in args.items())))


def _table(caption: str, head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    if not body:
        return ""
    columns = "".join(f"<th>{escape(name)}</th>" for name in head)
    return (
        f'<table><caption style="text-align:left">{escape(caption)}</caption>'
        f"<thead><tr>{columns}</tr></thead><tbody>{body}</tbody></table>"
    )
