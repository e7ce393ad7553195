from __future__ import annotations

import datetime as dt
import pickle

import pytest

import spinecode as sc


def test_a_code_is_looked_up(engine: sc.Engine) -> None:
    answer = engine.lookup("64475", on=dt.date(2012, 5, 5))
    assert (answer.status, answer.last_day) == ("ended", dt.date(2009, 12, 31))
    became = {(step.before, step.after): step.when for step in answer.replaced_by}
    guided = became[("64475", "77003"), ("64493",)]
    assert [(one.fact, one.values) for one in guided] == [("guidance", ("fluoroscopy",))]
    assert {one.code for one in answer.instead} >= {"64493", "0216T", "20552"}
    assert answer.life[0].evidence.citations
    assert {source.id for source in answer.citations} >= set(answer.life[0].evidence.citations)


def test_look_ups_are_values(engine: sc.Engine) -> None:
    for answer in (engine.lookup("64493", on="2024-03-05"), engine.coverage("64493"), engine.lint()):
        assert type(answer).from_json(answer.to_json()) == answer
        assert type(answer).from_dict(answer.to_dict()) == answer
        assert pickle.loads(pickle.dumps(answer)) == answer
        assert answer.to_text()
        assert repr(answer).startswith(type(answer).__name__)
    assert "<ul>" in engine.lookup("64493", on="2024-03-05")._repr_html_()
    assert "<table>" in engine.coverage("64493")._repr_html_()


def test_a_code_of_no_list_is_told_so(engine: sc.Engine) -> None:
    assert engine.lookup("J3301", on="2024-03-05").status == "not_in_loaded_lists"
    assert not engine.coverage("J3301").codes[0].layers[1].holds


def test_a_malformed_code_is_an_input_error(engine: sc.Engine) -> None:
    with pytest.raises(sc.InputError) as caught:
        engine.lookup("6449", on="2024-3-5")
    assert [violation.reason for violation in caught.value.violations] == ["not_a_code", "not_iso_date"]


@pytest.mark.parametrize("on", [None, "2005-01-01", "2011-12-31", "2026-11-21"])
def test_both_engines_look_up_alike(remote: sc.Engine, local: sc.Engine, on: str | None) -> None:
    near, far = local.coverage(on=on), remote.coverage(on=on)
    assert near.to_json() == far.to_json()
    for one in near.codes:
        assert local.lookup(one.code, on=on).to_json() == remote.lookup(one.code, on=on).to_json()
    assert local.lint().to_json() == remote.lint().to_json()
