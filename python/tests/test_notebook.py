from __future__ import annotations

from typing import TYPE_CHECKING, Any

import nbformat
import pytest
from nbclient import NotebookClient

from .conftest import HERE

if TYPE_CHECKING:
    from pathlib import Path

EXAMPLES = HERE.parent / "examples"
NOTEBOOKS = sorted(EXAMPLES.glob("*.ipynb"))

# The kernel's own libraries are not ours to mend.
pytestmark = pytest.mark.filterwarnings("ignore")


def run(name: str) -> dict[str, Any]:
    """Run a notebook; an error of any cell is raised."""
    notebook = nbformat.read(EXAMPLES / name, as_version=4)  # type: ignore[no-untyped-call]
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    return {cell["id"]: cell for cell in notebook.cells}


@pytest.fixture(scope="module")
def cells() -> dict[str, Any]:
    return run("first_steps.ipynb")


@pytest.fixture(scope="module")
def eras() -> dict[str, Any]:
    return run("cases_over_the_eras.ipynb")


def shown(cell: dict[str, Any], kind: str = "text/html") -> str:
    (output,) = (output for output in cell["outputs"] if output["output_type"] == "execute_result")
    text: str = output["data"][kind]
    return text


@pytest.mark.parametrize(
    ("cell", "codes"),
    [
        ("y2006", ["64475-RT", "64476-RT x2", "76005"]),
        ("y2012", ["64493-RT", "64494-RT", "64495-RT"]),
        ("y2016", ["64493-RT", "64494-RT", "64495-RT"]),
        ("y2026", ["64493-RT", "64494-RT", "64495-RT"]),
    ],
)
def test_each_era_is_shown_with_its_codes(cells: dict[str, Any], cell: str, codes: list[str]) -> None:
    (output,) = cells[cell]["outputs"]
    html = output["data"]["text/html"]
    assert all(f"<td>{code}</td>" in html for code in codes)


def test_the_unknown_side_is_asked_and_the_bad_case_told(cells: dict[str, Any]) -> None:
    (asked,) = cells["asked"]["outputs"]
    assert "needs facts" in asked["data"]["text/html"]
    (told,) = cells["violations"]["outputs"]
    assert "facet_injection" in told["text"]
    assert "L7" in told["text"]


def test_a_table_of_cases_is_coded_in_every_era(eras: dict[str, Any]) -> None:
    table = shown(eras["per_era"])
    for codes in ("64475, 64476 x2, 76005", "64493, 64494, 64495", "22520, 22521", "22510, 22512", "asked"):
        assert codes in table
    assert "2010-01-01" in shown(eras["turns"])
    assert "\u2588" in shown(eras["chart"])


def test_the_cases_are_drawn_and_explained(eras: dict[str, Any]) -> None:
    for cell, codes in (
        ("draw_2006", ("64475", "64476")),
        ("draw_2026", ("64493", "64494", "64495")),
        ("answer", ("22510", "22512")),
        ("asked", ("L4-L5 left?", "L4-L5 right?")),
    ):
        html = shown(eras[cell])
        assert "<svg" in html
        assert all(code in html for code in codes)
    assert "64493" in shown(eras["what_if"])
    (told,) = eras["explain"]["outputs"]
    assert "64495" in told["text"]


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_are_kept_without_outputs(notebook: Path) -> None:
    for cell in nbformat.read(notebook, as_version=4).cells:  # type: ignore[no-untyped-call]
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None
