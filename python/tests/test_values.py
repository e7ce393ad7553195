from __future__ import annotations

import copy
import datetime as dt
import inspect
import json
import multiprocessing
import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import spinecode as sc

CASE = sc.Case(
    "2024-03-05",
    [
        sc.Procedure("facet_injection", levels=["L4-L5"], side="left", target="joint", contrast=True, id="p1"),
        sc.Procedure(
            "myelography",
            sites=[sc.Site(interspace="L3-L4", side="midline"), {"nerve": "L3"}],
            imaged_regions=["cervical", "thoracic"],
            muscles=2,
            performed_by="A",
            encounter="morning",
            distinct_from=["p1"],
        ),
    ],
    place_of_service="22",
    setting="professional",
    payer="medicare",
    state="OH",
    diagnoses=["M54.16"],
    case_id="first",
)


def parts(answer: sc.CodedCase) -> list[Any]:
    assert answer.explanation is not None
    return [
        answer,
        answer.reported[0],
        answer.billed[1],
        answer.withheld[0],
        answer.withheld[0].line,
        answer.not_reported[0],
        answer.questions[0],
        answer.codings[0],
        answer.codings[1].billed[0],
        answer.codings[0].reported[0],
        answer.codings[0].assuming[0],
        answer.notices[0],
        answer.knowledge,
        answer.explanation,
        answer.explanation.steps[1],
        CASE,
        CASE.procedures[1],
        CASE.procedures[1].sites[0],
        sc.Violation.from_dict({"path": "p", "reason": "unknown_kind", "value": "v", "expected": "e"}),
    ]


def test_every_value_survives_pickling_copying_dict_and_json(answer: sc.CodedCase) -> None:
    for part in parts(answer):
        kind = type(part)
        for again in (
            pickle.loads(pickle.dumps(part)),
            copy.copy(part),
            copy.deepcopy(part),
            kind.from_dict(part.to_dict()),
            kind.from_json(part.to_json()),
        ):
            assert type(again) is kind
            assert again == part
            assert hash(again) == hash(part)
            assert again.to_json() == part.to_json()
            assert repr(again) == repr(part)


def test_values_of_different_classes_or_content_differ(answer: sc.CodedCase) -> None:
    all_parts = parts(answer)
    assert len(set(all_parts)) == len(all_parts)
    for at, one in enumerate(all_parts):
        assert one != "something else"
        assert one is not None
        assert all(one != other for other in all_parts[at + 1 :])


def test_values_are_frozen(answer: sc.CodedCase) -> None:
    for part in parts(answer):
        for name in part.__match_args__:
            with pytest.raises(AttributeError):
                setattr(part, name, None)
        with pytest.raises(AttributeError):
            part.something_new = 1


def test_mappings_are_read_only(answer: sc.CodedCase) -> None:
    for mapping in (CASE.procedures[0].facts, answer.withheld[0].args, answer.not_reported[0].args):
        with pytest.raises(TypeError):
            mapping["x"] = "y"  # type: ignore[index]


def test_match_args_name_attributes_of_every_class(answer: sc.CodedCase) -> None:
    for part in parts(answer):
        for name in part.__match_args__:
            getattr(part, name)
    match answer.billed[0]:
        case sc.Line("64493", 1, ("59", "RT")):
            pass
        case line:
            pytest.fail(f"{line} did not match")
    match CASE.procedures[1].sites[0]:
        case sc.Site("interspace", place, side="midline"):
            assert place == "L3-L4"
        case site:
            pytest.fail(f"{site} did not match")


def test_every_class_is_exported_documented_and_made_only_where_a_constructor_says_so() -> None:
    made = {sc.Case, sc.Procedure, sc.Site, sc.Claim, sc.ClaimLine, sc.Engine}
    for name in sc.__all__:
        thing = getattr(sc, name)
        if not inspect.isclass(thing):
            continue
        assert thing.__doc__, name
        if not issubclass(thing, Exception):
            assert thing.__module__ == "spinecode"
            if thing not in made:
                with pytest.raises(TypeError):
                    thing()


def test_repr_reads_as_what_would_be_written() -> None:
    names = {name: getattr(sc, name) for name in ("Case", "Procedure", "Site")}
    assert repr(sc.Site(joint="L4-L5", side="left")) == "Site(joint='L4-L5', side='left')"
    assert (
        repr(CASE.procedures[0])
        == "Procedure(kind='facet_injection', levels=('L4-L5',), side='left', id='p1', contrast=True, target='joint')"
    )
    assert eval(repr(CASE), {**names, "datetime": dt}) == CASE  # noqa: S307


def test_repr_of_answers(answer: sc.CodedCase) -> None:
    assert repr(answer.billed[0]) == (
        "Line(code='64493', units=1, modifiers=('59', 'RT'), sites=('L4-L5 right',), performed_by='A')"
    )
    assert repr(answer.notices[1]) == "Notice(reason='transitional')"
    assert repr(answer.not_reported[0]).endswith("args={'in': '64493'})")
    assert repr(answer).startswith(
        "CodedCase(date_of_service=datetime.date(2024, 3, 5), status='needs_facts', case_id='first', billed=(Line("
    )
    assert [str(line) for line in answer.billed] == ["64493-59-RT", "64494 x2"]


def test_an_answer_gives_all_that_its_json_holds(answer: sc.CodedCase, sample: dict[str, Any]) -> None:
    assert answer.to_dict() == sample
    assert json.loads(answer.to_json()) == sample
    assert list(json.loads(answer.to_json())) == list(sample)
    assert answer.date_of_service == dt.date(2024, 3, 5)
    assert answer.reported[0].verified_through == dt.date(2026, 12, 31)
    assert answer.billed[0].verified_through is None
    assert answer.knowledge.as_of == dt.date(2024, 6, 30)
    assert answer.reported[0].side == "right"
    assert answer.withheld[0].line.modifiers == ("26",)
    assert answer.codings[1].billed[0].modifiers == ("RT",)
    assert answer.explanation is not None
    assert [step.step for step in answer.explanation.steps] == ["fact_read", "choose"]


def test_the_hash_of_an_answer_leaves_the_trace_out(answer: sc.CodedCase, sample: dict[str, Any]) -> None:
    bare = sc.CodedCase.from_dict({key: value for key, value in sample.items() if key != "explanation"})
    assert bare.explanation is None
    assert bare != answer
    assert bare.hash == answer.hash
    assert len(answer.hash) == 64


def test_parts_outlive_their_answer(sample: dict[str, Any]) -> None:
    line = sc.CodedCase.from_dict(sample).codings[1].billed[0]
    assert line.modifiers == ("RT",)


def test_dates_may_be_dates_or_text() -> None:
    assert sc.Case(dt.date(2024, 3, 5), []) == sc.Case("2024-03-05", [])
    assert sc.Case("2024-03-05", []).date_of_service == dt.date(2024, 3, 5)
    assert sc.Case("03/05/2024", []).date_of_service == "03/05/2024"
    with pytest.raises(TypeError, match="datetime"):
        sc.Case(dt.datetime(2024, 3, 5, tzinfo=dt.UTC), [])


def test_order_of_facts_and_kind_of_sequence_do_not_matter() -> None:
    one = sc.Procedure("facet_injection", levels=["L4-L5"], guidance="none", contrast=False)
    other = sc.Procedure("facet_injection", contrast=False, guidance="none", levels=("L4-L5",), target=None)
    assert one == other
    assert hash(one) == hash(other)
    assert list(one.facts) == ["contrast", "guidance"]


def test_wrong_types_are_refused_at_once() -> None:
    wrong: list[Any] = [
        sc.Site,
        lambda: sc.Site(joint="L4-L5", nerve="L3"),
        lambda: sc.Site("L4-L5"),  # type: ignore[call-arg]
        lambda: sc.Procedure("x", contrast=1.5),  # type: ignore[arg-type]
        lambda: sc.Procedure("x", regions=["a", 1]),  # type: ignore[list-item]
        lambda: sc.Procedure("x", levels="L4-L5"),
        lambda: sc.Procedure(1),  # type: ignore[arg-type]
        lambda: sc.Case("2024-03-05", sc.Procedure("x")),  # type: ignore[arg-type]
        lambda: sc.Case("2024-03-05", {"kind": "x"}),  # type: ignore[arg-type]
        lambda: sc.Case(20240305, []),  # type: ignore[arg-type]
    ]
    for make in wrong:
        with pytest.raises(TypeError):
            make()


words = st.text(max_size=8)
sides = st.none() | st.sampled_from(["left", "right", "bilateral", "midline"])
sites = st.builds(
    lambda place_type, place, side: sc.Site(**{place_type: place}, side=side),
    st.sampled_from(["joint", "interspace", "foramen", "vertebra", "nerve", "region", "structure"]),
    words,
    sides,
)
values = words | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.lists(words, max_size=3)
procedures = st.builds(
    lambda kind, facts, **rest: sc.Procedure(kind, **rest, **{f"fact_{key}": value for key, value in facts.items()}),
    words,
    st.dictionaries(words, values, max_size=3),
    levels=st.lists(words, max_size=2),
    nerves=st.lists(words, max_size=2),
    sites=st.lists(sites, max_size=3),
    side=sides,
    id=st.none() | words,
)
cases = st.builds(
    sc.Case,
    st.dates(min_value=dt.date(1, 1, 1)) | words,
    st.lists(procedures, max_size=3),
    payer=st.none() | words,
    diagnoses=st.lists(words, max_size=2),
    case_id=st.none() | words,
)


@given(cases)
def test_any_case_survives_every_way_of_writing_it(case: sc.Case) -> None:
    assert sc.Case.from_dict(case.to_dict()) == case
    assert sc.Case.from_json(case.to_json()) == case
    assert pickle.loads(pickle.dumps(case)) == case
    assert json.loads(case.to_json()) == case.to_dict()


def _echo(value: object) -> object:
    return value


def test_values_cross_processes(answer: sc.CodedCase) -> None:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert pool.map(_echo, [CASE, answer, answer.billed[0]]) == [CASE, answer, answer.billed[0]]
