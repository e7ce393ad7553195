"""An engine under a release: what it says of itself, and where its pickles may be opened."""

from __future__ import annotations

import os
import pickle
import subprocess
from typing import TYPE_CHECKING

import pytest

import spinecode as sc

from .conftest import ROOT, facet_case

if TYPE_CHECKING:
    from pathlib import Path

FIXTURES = ROOT / "tests" / "fixtures" / "cms"


def build(program: str, out: Path, pattern: str) -> Path:
    files = [str(file) for file in sorted(FIXTURES.glob(pattern)) if file.suffix != ".md"]
    subprocess.run([program, "data", "build", *files, "-o", str(out)], check=True, capture_output=True)
    return out


@pytest.fixture
def program() -> str:
    path = os.environ.get("SPINECODE_BIN")
    if path is None:
        pytest.skip("SPINECODE_BIN does not name the spinecode program, which builds releases")
    return path


@pytest.mark.parametrize("load", ["map", "copy"])
def test_an_answer_names_its_release(program: str, tmp_path: Path, load: str) -> None:
    file = build(program, tmp_path / "small.release", "*")
    engine = sc.Engine(release=file, load=load)  # type: ignore[arg-type]
    release = engine.info().release
    assert release is not None
    assert engine.release == str(file)
    answer = engine.code(facet_case(), payer="medicare", release=release[:12])
    assert answer.knowledge.release == release
    with pytest.raises(sc.KnowledgeError, match=release):
        engine.code(facet_case(), release="0000")


def test_a_pickle_opens_its_release_and_refuses_another(program: str, tmp_path: Path) -> None:
    file = build(program, tmp_path / "small.release", "*")
    engine = sc.Engine(release=file)
    data = pickle.dumps(engine)
    again = pickle.loads(data)
    assert repr(again) == repr(engine)
    assert again.info().release == engine.info().release
    build(program, file, "MCR_*")
    with pytest.raises(sc.KnowledgeError, match="the pickled engine rested on"):
        pickle.loads(data)


def test_a_way_of_loading_that_is_none_is_refused() -> None:
    with pytest.raises(sc.InputError, match="map"):
        sc.Engine(load="mapp")  # type: ignore[arg-type]
