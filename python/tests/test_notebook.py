from __future__ import annotations

from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from .conftest import HERE

NOTEBOOK = HERE.parent / "examples" / "first_steps.ipynb"

# The kernel's own libraries are not ours to mend.
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module")
def cells() -> dict[str, Any]:
    notebook = nbformat.read(NOTEBOOK, as_version=4)  # type: ignore[no-untyped-call]
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    return {cell["id"]: cell for cell in notebook.cells}


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


def test_the_notebook_is_kept_without_outputs() -> None:
    for cell in nbformat.read(NOTEBOOK, as_version=4).cells:  # type: ignore[no-untyped-call]
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None
