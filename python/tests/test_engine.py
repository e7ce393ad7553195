from __future__ import annotations

import datetime as dt
import json
import multiprocessing
import pickle
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pytest

import spinecode as sc
from spinecode import _spinecode

from .conftest import facet_case

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def as_objects(data: dict[str, Any]) -> sc.Case:
    procedures = [sc.Procedure(**procedure) for procedure in data["procedures"]]
    return sc.Case(**{**data, "procedures": procedures})


def test_a_case_is_coded(engine: sc.Engine) -> None:
    answer = engine.code(facet_case())
    assert answer.status == "coded"
    assert {line.code for line in answer.reported} == {"64493", "64494"}
    assert [str(line) for line in answer.billed] == ["64493-RT", "64494-RT"]
    assert answer.knowledge.engine == sc.__version__


def test_every_way_of_giving_a_case_gives_the_same_answer(engine: sc.Engine) -> None:
    data = facet_case(case_id="x")
    text = json.dumps(data)
    case = as_objects(data)
    mixed = {**data, "date_of_service": dt.date(2024, 3, 5), "procedures": case.procedures}
    given: list[Any] = [case, data, MappingProxyType(data), mixed, text, text.encode(), sc.Case.from_json(text)]
    wanted = engine.code_json(text)
    assert wanted.case_id == "x"
    for one in given:
        answer = engine.code(one)
        assert answer == wanted
        assert answer.to_json() == wanted.to_json()
        assert hash(answer) == hash(wanted)
    assert engine.code_many(given) == [wanted] * len(given)


def test_a_bad_case_among_many_has_its_exception_in_its_place(engine: sc.Engine) -> None:
    good = facet_case()
    odd: list[Any] = [good, facet_case(date_of_service="1999-01-01"), "{", 5, {"x": 1}, b"\xff", "\udc80", good]
    results = engine.code_many(odd)
    assert [type(result) for result in results] == [
        sc.CodedCase,
        sc.InputError,
        sc.InputError,
        TypeError,
        sc.InputError,
        sc.InputError,
        sc.InputError,
        sc.CodedCase,
    ]
    assert results[0] == results[-1] == engine.code(good)
    alone = []
    for case in odd[1:-1]:
        with pytest.raises(Exception) as caught:  # noqa: PT011 - which one is compared below
            engine.code(case)
        alone.append(caught.value)
    assert [str(error) for error in results[1:-1]] == [str(error) for error in alone]
    assert results[1].violations == alone[0].violations  # type: ignore[attr-defined, union-attr]


def test_a_batch_takes_any_iterable_and_keeps_its_order(engine: sc.Engine) -> None:
    days = [dt.date(2020, 1, 1) + dt.timedelta(days=day) for day in range(50)]
    results = engine.code_many(facet_case(date_of_service=day) for day in days)
    assert [result.date_of_service for result in results if isinstance(result, sc.CodedCase)] == days
    assert engine.code_many([]) == []


def test_a_batch_longer_than_a_chunk_equals_single_calls(engine: sc.Engine) -> None:
    cases = [as_objects(facet_case(case_id=str(number))) for number in range(2500)]
    results = engine.code_many(cases, trace="none")
    assert [result.case_id for result in results if isinstance(result, sc.CodedCase)] == [
        case.case_id for case in cases
    ]
    assert results[2499] == engine.code(cases[2499], trace="none")


def test_an_error_of_the_iterable_is_raised(engine: sc.Engine) -> None:
    def broken() -> Iterator[dict[str, Any]]:
        yield facet_case()
        raise OSError("no more")

    with pytest.raises(OSError, match="no more"):
        engine.code_many(broken())


def test_the_payer_option_overrides_the_case(engine: sc.Engine) -> None:
    case = facet_case(payer="cpt")
    assert engine.code(case).knowledge.profile == "cpt"
    assert engine.code(case, payer="medicare").knowledge.profile == "medicare"


def test_as_of_may_be_a_date_or_text(engine: sc.Engine) -> None:
    by_date = engine.code(facet_case(), as_of=dt.date(2024, 6, 30))
    assert by_date == engine.code(facet_case(), as_of="2024-06-30")
    assert by_date.knowledge.as_of == dt.date(2024, 6, 30)
    with pytest.raises(sc.InputError):
        engine.code(facet_case(), as_of="June 2024")


def test_a_release_that_is_not_loaded_is_unsupported(engine: sc.Engine) -> None:
    with pytest.raises(sc.UnsupportedError):
        engine.code(facet_case(), release="2024q1")


def test_trace_levels_tell_more_and_change_nothing(engine: sc.Engine) -> None:
    none, ids, full = (engine.code(facet_case(), trace=level) for level in ("none", "ids", "full"))
    assert none.explanation is None
    assert ids.explanation is not None
    assert ids.explanation.rules
    assert not ids.explanation.steps
    assert full.explanation is not None
    assert full.explanation.steps
    assert none.hash == ids.hash == full.hash


def test_the_vocabulary_can_be_discovered(engine: sc.Engine) -> None:
    info = engine.info()
    assert sc.kinds() == engine.kinds() == info.kinds
    assert sc.profiles() == engine.profiles() == info.profiles
    facet = next(kind for kind in sc.kinds() if kind.kind == "facet_injection")
    guidance = next(fact for fact in facet.facts if fact.fact == "guidance")
    assert "fluoroscopy" in guidance.values
    assert {"cpt", "medicare"} <= {profile.name for profile in sc.profiles()}
    assert info.coverage_from == dt.date(2005, 1, 1)
    for part in (info, facet, guidance, sc.profiles()[0]):
        assert type(part).from_dict(part.to_dict()) == part
        assert pickle.loads(pickle.dumps(part)) == part


def test_every_rule_can_be_looked_up(engine: sc.Engine) -> None:
    ids = engine.info().rules
    assert ids
    for rule in map(engine.rule, ids):
        assert rule.id in ids
        assert rule.versions
        for version in rule.versions:
            assert version.first_day is None or version.last_day is None or version.first_day <= version.last_day
        assert pickle.loads(pickle.dumps(rule)) == rule


def test_rules_of_an_answer_exist(engine: sc.Engine) -> None:
    explanation = engine.code(facet_case()).explanation
    assert explanation is not None
    for name in explanation.rules:
        identity, version = name.rsplit("/", 1)
        assert int(version) in {one.version for one in engine.rule(identity).versions}


def test_an_engine_pickles_by_how_it_was_opened(engine: sc.Engine) -> None:
    again = pickle.loads(pickle.dumps(engine))
    assert again.code(facet_case()) == engine.code(facet_case())


def test_an_engine_refuses_to_stand_for_another_knowledge(engine: sc.Engine) -> None:
    _, arguments = engine.__reduce__()
    knowledge = json.loads(arguments[-1])
    knowledge["facts"] = "0" * 64
    with pytest.raises(sc.KnowledgeError, match="0000"):
        _spinecode._reopen(arguments[0], json.dumps(knowledge))


def test_facts_that_are_not_there_are_a_knowledge_error(engine: sc.Engine, tmp_path: Path) -> None:
    assert engine.facts is None
    with pytest.raises(sc.KnowledgeError):
        sc.Engine(tmp_path / "nowhere")


def test_own_facts_lie_over_the_built_in_ones(
    local: sc.Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "own" / "profiles").mkdir(parents=True)
    (tmp_path / "own" / "payers.csv").write_text("payer,profile,coverage\nacme,mine,\n", encoding="utf-8")
    mine = tmp_path / "own" / "profiles" / "mine.toml"
    profile = """
        name = "mine"
        label = "Acme"
        inherits = "cpt"
        [[bilateral]]
        style = "modifier_50"
        confidence = "high"
        citations = ["FCSO29252"]
    """
    mine.write_text(profile, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    engine = sc.Engine("own")
    assert engine.facts == str(tmp_path / "own")
    knowledge = engine.code(facet_case(payer="acme")).knowledge
    assert knowledge.profile == "mine"
    assert knowledge.overlay is not None
    assert local.code(facet_case()).knowledge.overlay is None
    pickled = pickle.dumps(engine)
    # A worker may stand in another folder.
    monkeypatch.chdir("/")
    assert pickle.loads(pickled).code(facet_case(payer="acme")) == engine.code(facet_case(payer="acme"))
    mine.write_text(profile.replace("modifier_50", "rt_lt_lines"), encoding="utf-8")
    with pytest.raises(sc.KnowledgeError, match="pickled"):
        pickle.loads(pickled)
    mine.write_text("no table", encoding="utf-8")
    with pytest.raises(sc.KnowledgeError, match="mine"):
        sc.Engine(tmp_path / "own")


def _code_all(work: tuple[sc.Engine, list[sc.Case]]) -> list[sc.CodedCase | Exception]:
    engine, cases = work
    return engine.code_many(cases)


@pytest.mark.parametrize("start", ["spawn", "fork"])
def test_engines_and_answers_cross_processes(engine: sc.Engine, start: str) -> None:
    if start not in multiprocessing.get_all_start_methods():
        pytest.skip(f"this platform has no {start}")
    cases = [as_objects(facet_case(case_id=str(number))) for number in range(200)]
    # The parent has its worker threads by now; a forked child must not wait for them.
    wanted = engine.code_many(cases)
    with multiprocessing.get_context(start).Pool(2) as pool:
        assert pool.map_async(_code_all, [(engine, cases)] * 2).get(timeout=60) == [wanted, wanted]


def test_many_threads_get_the_same_answers(engine: sc.Engine) -> None:
    cases = [as_objects(facet_case(date_of_service=f"{year}-03-05")) for year in range(2006, 2026)]
    wanted = [engine.code(case) for case in cases]
    with ThreadPoolExecutor(8) as pool:
        for answers in pool.map(lambda _: [engine.code(case) for case in cases], range(16)):
            assert answers == wanted


def test_other_threads_run_while_cases_are_coded(engine: sc.Engine) -> None:
    cases = [as_objects(facet_case())] * 2000
    interval = sys.getswitchinterval()
    spans: list[tuple[float, float]] = []

    def work() -> None:
        begun = time.perf_counter()
        engine.code_many(cases, trace="full")
        spans.append((begun, time.perf_counter()))

    thread = threading.Thread(target=work)
    ticks: list[float] = []
    thread.start()
    while thread.is_alive():
        ticks.append(time.perf_counter())
        time.sleep(interval / 10)
    thread.join()
    (first, last), *_ = spans
    assert sum(first < tick < last for tick in ticks) > 3, "nothing else ran while the batch was coded"
