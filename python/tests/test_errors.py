from __future__ import annotations

import json
import pickle
from typing import Any

import pytest

import spinecode as sc

from .conftest import facet_case


def test_one_base_and_one_class_for_each_reason() -> None:
    classes: list[type[sc.SpinecodeError]] = [
        sc.InputError,
        sc.KnowledgeError,
        sc.UnsupportedError,
        sc.TransportError,
    ]
    assert all(issubclass(error, sc.SpinecodeError) for error in classes)
    assert [error.reason for error in classes] == ["input", "knowledge", "unsupported", "transport"]
    assert issubclass(sc.InputError, ValueError)


def test_every_fault_of_shape_is_told_at_once() -> None:
    with pytest.raises(sc.InputError) as caught:
        sc.Case.from_dict(
            {
                "date_of_service": 20240305,
                "pocedures": [],
                "procedures": [{"kind": 5, "sites": [{"joint": "L4-L5", "sied": "left"}, {}], "contrast": 1.5}, "x"],
            }
        )
    found = {(violation.path, violation.reason) for violation in caught.value.violations}
    assert found == {
        ("date_of_service", "wrong_type"),
        ("pocedures", "unknown_key"),
        ("procedures[0].kind", "wrong_type"),
        ("procedures[0].sites[0].sied", "unknown_key"),
        ("procedures[0].sites[1]", "missing_field"),
        ("procedures[0].contrast", "wrong_type"),
        ("procedures[1]", "wrong_type"),
    }
    near = {violation.path: violation.suggestion for violation in caught.value.violations}
    assert near["pocedures"] == "procedures"
    assert near["procedures[0].sites[0].sied"] == "side"
    assert all(str(violation) in str(caught.value) for violation in caught.value.violations)


def test_a_site_in_a_procedure_is_named_by_its_place() -> None:
    with pytest.raises(sc.InputError) as caught:
        sc.Procedure("x", sites=[sc.Site(joint="L4-L5"), {"joint": "L3-L4", "nerve": "L3"}])
    assert [violation.path for violation in caught.value.violations] == ["sites[1].nerve"]
    with pytest.raises(sc.InputError) as caught:
        sc.Site.from_dict({"jiont": "L4-L5"})
    assert caught.value.violations[0].path == "jiont"


def test_errors_keep_their_violations_through_pickling() -> None:
    with pytest.raises(sc.InputError) as caught:
        sc.Case.from_dict({"x": 1})
    again = pickle.loads(pickle.dumps(caught.value))
    assert type(again) is sc.InputError
    assert again.violations == caught.value.violations
    assert str(again) == str(caught.value)
    assert again.to_json() == caught.value.to_json()


def test_an_error_writes_the_object_that_a_batch_writes() -> None:
    with pytest.raises(sc.InputError) as caught:
        sc.Case.from_dict({"µ": 1})
    body = json.loads(caught.value.to_json())
    assert list(body) == ["error"]
    assert list(body["error"]) == ["class", "message", "violations"]
    assert body["error"]["class"] == "input"
    assert body["error"]["violations"][0]["reason"] == "unknown_key"


def test_what_is_no_answer_is_refused_without_repeating_it() -> None:
    for data in ({}, {"status": "Mr Smith"}, {"date_of_service": "Mr Smith"}):
        with pytest.raises(sc.InputError) as caught:
            sc.CodedCase.from_dict(data)
        assert "Smith" not in str(caught.value)
    with pytest.raises(sc.InputError) as caught:
        sc.Line.from_json("{not json")
    assert caught.value.violations[0].reason == "not_json"


def test_foreign_objects_are_wrong_types_not_crashes() -> None:
    endless: list[Any] = []
    endless.append(endless)
    for odd in (object(), {1, 2}, b"x", 2**70, 0.5, endless, {1: 2}, "\udc80", {"\udc80": 1}):
        with pytest.raises(sc.InputError) as caught:
            sc.Case.from_dict({"date_of_service": "2024-03-05", "payer": odd, "procedures": odd})
        assert {violation.path for violation in caught.value.violations} <= {
            "payer",
            "procedures",
            *(f"procedures[{at}]" for at in range(2)),
        }
        assert {violation.reason for violation in caught.value.violations} == {"wrong_type"}


def test_options_are_checked() -> None:
    engine = sc.Engine()
    with pytest.raises(sc.InputError) as caught:
        engine.code(facet_case(), trace="ful")  # type: ignore[arg-type]
    assert [(v.path, v.reason, v.value, v.suggestion) for v in caught.value.violations] == [
        ("trace", "unknown_value", "ful", "full")
    ]
    with pytest.raises(TypeError):
        engine.code(facet_case(), as_of=20240101)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        engine.code(5)  # type: ignore[arg-type]


def test_bad_input_is_one_error_with_every_violation(engine: sc.Engine) -> None:
    case = facet_case(
        procedures=[
            {"kind": "facet_injection", "levels": ["L7", "L4-L5"], "side": "lefft", "guidance": "none"},
            {"kind": "facet_injecton"},
            {"kind": "lumbar_puncture", "colour": "red"},
        ]
    )
    with pytest.raises(sc.InputError) as caught:
        engine.code(case)
    found = {(violation.path, violation.reason) for violation in caught.value.violations}
    assert ("procedures[0].levels[0]", "impossible_level") in found
    assert ("procedures[0].side", "unknown_value") in found
    assert ("procedures[1].kind", "unknown_kind") in found
    assert ("procedures[2].colour", "unknown_fact") in found
    suggestions = {violation.path: violation.suggestion for violation in caught.value.violations}
    assert suggestions["procedures[1].kind"] == "facet_injection"


def test_an_unknown_rule_is_an_input_error(engine: sc.Engine) -> None:
    with pytest.raises(sc.InputError) as caught:
        engine.rule("NO-SUCH-RULE")
    assert caught.value.violations[0].reason == "unknown_rule"
