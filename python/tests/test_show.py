from __future__ import annotations

import datetime as dt
from html.parser import HTMLParser
from typing import Any

import pytest

import spinecode as sc


class Checked(HTMLParser):
    """Fails on tags that are not closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def test_a_notebook_shows_every_part_of_an_answer(answer: sc.CodedCase) -> None:
    html = answer._repr_html_()
    page = Checked()
    page.feed(html)
    assert not page.open
    text = " ".join(page.text)
    for wanted in (
        "first · 2024-03-05 · needs facts · profile medicare",
        "64493-59-RT",
        "facet <injection>, lumbar, first",
        "2026-12-31",
        "pair",
        "included",
        "Which side?",
        "procedures[0].side = left",
        "verified through",
        "CPT2024",
        "abc123",
    ):
        assert wanted in text


def test_empty_parts_are_not_shown(sample: dict[str, Any]) -> None:
    empty: dict[str, Any] = {key: [] if isinstance(value, list) else value for key, value in sample.items()}
    del empty["explanation"]
    assert "<table" not in sc.CodedCase.from_dict(empty)._repr_html_()


@pytest.mark.parametrize("library", ["polars", "pandas"])
def test_a_frame_has_one_row_a_line(answer: sc.CodedCase, library: str) -> None:
    pytest.importorskip(library)
    frame = answer.to_frame(library)
    rows = frame.to_dicts() if library == "polars" else frame.to_dict("records")
    assert [(row["list"], row["line"], row["code"], row["units"], row["modifiers"]) for row in rows] == [
        ("reported", 1, "64493", 1, ""),
        ("billed", 1, "64493", 1, "59,RT"),
        ("billed", 2, "64494", 2, ""),
        ("withheld", 1, "77003", 1, "26"),
    ]
    assert rows[0]["date_of_service"] == dt.date(2024, 3, 5)
    assert rows[3]["reason"] == "pair"
    many = sc.to_frame([answer, sc.InputError("bad"), answer], library)
    assert len(many) == 8
    assert list(many.columns) == list(frame.columns)
    assert list(sc.to_frame([], library).columns) == list(frame.columns)


def test_an_unknown_library_is_refused(answer: sc.CodedCase) -> None:
    with pytest.raises(ValueError, match="polars, pandas"):
        answer.to_frame("excel")
