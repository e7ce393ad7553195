from __future__ import annotations

import json
import pickle
import subprocess
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest

import spinecode as sc

from .conftest import ROOT, facet_case

if TYPE_CHECKING:
    from pathlib import Path

SVG = "{http://www.w3.org/2000/svg}"

CASES: dict[str, dict[str, Any]] = {
    "one side": facet_case(),
    "side unknown": facet_case(
        procedures=[{"kind": "facet_injection", "target": "joint", "levels": ["L4-L5"], "guidance": "fluoroscopy"}]
    ),
    "nerves": facet_case(
        procedures=[
            {
                "kind": "facet_injection",
                "target": "medial_branch",
                "nerves": ["TON", "C3", "C4"],
                "side": "bilateral",
                "guidance": "fluoroscopy",
            }
        ]
    ),
    "bodies": facet_case(procedures=[{"kind": "vertebroplasty", "levels": ["T12", "L1"]}]),
    "no place": facet_case(procedures=[{"kind": "office_visit"}]),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_every_face_draws_the_same_bytes(
    case: dict[str, Any], local: sc.Engine, remote: sc.Engine, binary: Path
) -> None:
    svg = local.draw(case).svg
    assert remote.draw(case).svg == svg
    assert local.code(case).svg() == svg
    assert remote.code(case).svg() == svg
    for argument in ("svg", "html"):
        done = subprocess.run(
            [binary, "code", "--format", argument], input=json.dumps(case), capture_output=True, text=True, check=True
        )
        assert svg.strip() in done.stdout
        assert argument == "html" or done.stdout == svg


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_drawing_is_xml_with_words_for_those_who_do_not_see_it(case: dict[str, Any], local: sc.Engine) -> None:
    root = ET.fromstring(local.draw(case).svg)  # noqa: S314
    assert root.tag == f"{SVG}svg"
    assert root.get("role") == "img"
    said = {child.get("id"): child.text for child in root if child.tag in {f"{SVG}title", f"{SVG}desc"}}
    named = (root.get("aria-labelledby") or "").split()
    assert len(named) == 2
    assert all(said[name] for name in named)
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))


def test_pictures_in_one_page_share_no_ids(local: sc.Engine) -> None:
    roots = [ET.fromstring(local.draw(case).svg) for case in CASES.values()]  # noqa: S314
    ids = [{element.get("id") for element in root.iter() if element.get("id")} for root in roots]
    assert len(set.union(*ids)) == sum(map(len, ids))


def test_every_answer_of_an_engine_can_be_drawn(engine: sc.Engine) -> None:
    case = facet_case()
    svg = engine.draw(case, payer="medicare").svg
    text = json.dumps(case)
    answers = [
        engine.code(sc.Case.from_dict(case), payer="medicare"),
        engine.code_json(text, payer="medicare"),
        *engine.code_many([case, sc.Case.from_dict(case), text], payer="medicare"),
    ]
    assert [answer.svg() for answer in answers if isinstance(answer, sc.CodedCase)] == [svg] * len(answers)
    assert svg.strip() in answers[0]._repr_html_()  # type: ignore[union-attr]


def test_an_answer_without_its_case_says_how_to_draw(local: sc.Engine) -> None:
    answer = local.code(facet_case())
    for alone in (sc.CodedCase.from_json(answer.to_json()), pickle.loads(pickle.dumps(answer))):
        assert alone == answer
        assert "<svg" not in alone._repr_html_()
        with pytest.raises(sc.UnsupportedError, match=r"Engine\.draw"):
            alone.svg()


def test_a_drawing_is_a_value(local: sc.Engine) -> None:
    drawing = local.draw(facet_case())
    assert drawing == sc.Drawing(drawing.svg)
    assert hash(drawing) == hash(sc.Drawing(drawing.svg))
    assert pickle.loads(pickle.dumps(drawing)) == drawing
    assert str(drawing) == drawing.svg == drawing._repr_html_()
    assert "SVG" in repr(drawing)


def test_a_bad_case_is_told_as_when_coded(engine: sc.Engine) -> None:
    bad = {"date_of_service": "2024-02-30", "procedures": [{"kind": "facet_injecton"}, {}]}
    with pytest.raises(sc.InputError) as coded:
        engine.code(bad, as_of="soon")
    with pytest.raises(sc.InputError) as drawn:
        engine.draw(bad, as_of="soon")
    assert drawn.value.violations == coded.value.violations


def test_the_readmes_drawing_is_what_the_engine_draws(local: sc.Engine) -> None:
    docs = ROOT / "docs"
    case = (docs / "drawing.json").read_text(encoding="utf-8")
    # To draw it anew: spinecode code docs/drawing.json --format svg >docs/drawing.svg
    assert (docs / "drawing.svg").read_text(encoding="utf-8") == local.draw(case).svg
