"""Answers that explain themselves: the same values, in process, remotely and on the command line."""

from __future__ import annotations

import datetime as dt
import json
import pickle
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

import spinecode as sc

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CASE = sc.Case(
    "2024-03-05",
    [
        sc.Procedure(
            "facet_injection", levels=["L4-L5", "L5-S1"], side="left", target="joint", guidance="fluoroscopy", id="a"
        ),
    ],
    place_of_service="22",
    setting="professional",
    payer="medicare",
)

ASKED: dict[str, tuple[Callable[[sc.Engine], Any], list[str]]] = {
    "explain": (lambda engine: engine.explain(CASE), []),
    "why_not": (lambda engine: engine.why_not(CASE, "64495"), ["--why-not", "64495"]),
    "what_if": (
        lambda engine: engine.what_if(CASE, {"guidance": "ct", "levels": ["L4-L5"], "payer": "cpt"}),
        ["--what-if", "guidance=ct", "--what-if", "levels=L4-L5", "--what-if", "payer=cpt"],
    ),
    "eras": (lambda engine: engine.eras(CASE), ["--eras"]),
}


@pytest.mark.parametrize("name", ASKED)
def test_every_face_tells_the_same_bytes(local: sc.Engine, remote: sc.Engine, binary: Path, name: str) -> None:
    ask, arguments = ASKED[name]
    told = ask(local)
    assert ask(remote).to_json() == told.to_json()
    done = subprocess.run(
        [binary, "explain", *arguments],
        input=CASE.to_json().encode(),
        capture_output=True,
        check=True,
        timeout=60,
    )
    assert done.stdout.decode() == told.to_json() + "\n"
    text = subprocess.run(
        [binary, "explain", *arguments, "--format", "text"],
        input=CASE.to_json().encode(),
        capture_output=True,
        check=True,
        timeout=60,
    )
    assert text.stdout.decode().strip() == str(told).strip()


@pytest.mark.parametrize("name", ASKED)
def test_they_are_values(local: sc.Engine, name: str) -> None:
    told = ASKED[name][0](local)
    cls = type(told)
    assert cls.from_json(told.to_json()) == told == cls.from_dict(told.to_dict()) == pickle.loads(pickle.dumps(told))
    assert hash(told) == hash(cls.from_json(told.to_json()))
    assert repr(told).startswith(f"{cls.__name__}(")
    assert told._repr_html_().startswith('<div class="spinecode">')
    assert json.loads(told.to_json()) == told.to_dict()


@pytest.mark.parametrize("library", ["polars", "pandas"])
def test_frames(local: sc.Engine, library: str) -> None:
    pytest.importorskip(library)
    for ask, _ in ASKED.values():
        assert len(ask(local).to_frame(library)) > 0
    frame = local.eras(CASE).to_frame(library)
    assert list(frame["code"])[:2] == ["64475", "64476"]
    assert "64493" in list(frame["code"])


def test_why_not_says_what_would_change_it(local: sc.Engine) -> None:
    why = local.why_not(CASE, "64495")
    assert why.reason == "level_not_reached"
    assert dict(why.args) == {"needed": "3", "reached": "2"}
    assert why.changes[0].change == sc.Change.from_dict({"path": "procedures[0].levels", "value": "L3-L4,L4-L5,L5-S1"})
    assert [line.code for line in why.changes[0].billed] == ["64493", "64494", "64495"]
    assert str(why).splitlines()[0].startswith("2024-03-05  64495 begins with level 3")


def test_what_if_takes_plain_values(local: sc.Engine) -> None:
    told = local.what_if(CASE, {"date_of_service": dt.date(2009, 12, 31), "contrast": True, "guidance": None})
    assert [(change.path, change.value) for change in told.changes] == [
        ("date_of_service", "2009-12-31"),
        ("procedures[0].contrast", "true"),
        ("procedures[0].guidance", ""),
    ]
    assert told.after.date_of_service == dt.date(2009, 12, 31)
    assert [line.code for line in told.difference.billed.new] == ["64475", "64476"]
    assert local.what_if(CASE, "side=right").difference.billed.changed[0].after.modifiers == ("RT",)
    with pytest.raises(sc.InputError, match="guidance"):
        local.what_if(CASE, ["guidence=ct"])


def test_eras_join_up(local: sc.Engine) -> None:
    eras = local.eras(CASE)
    assert eras.stretches[0].first_day == dt.date(2005, 1, 1)
    assert eras.stretches[-1].last_day is None
    assert len(eras.turns) == len(eras.stretches) - 1
    for before, turn, after in zip(eras.stretches, eras.turns, eras.stretches[1:], strict=False):
        assert before.last_day is not None
        assert before.last_day + dt.timedelta(days=1) == turn.on == after.first_day
        assert all(note.citations for note in (*turn.ended, *turn.began))


def test_the_tree_rests_on_cited_rows(local: sc.Engine) -> None:
    explained = local.explain(CASE)
    lines = [node for node in explained.tree if node.what == "line"]
    assert [node.subject for node in lines] == ["64493 left", "64494 left"]
    assert any(child.citations for child in lines[0].children)
    assert explained.coded.explanation is not None
    assert explained.coded.explanation.level == "full"
