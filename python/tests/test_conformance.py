"""Every conformance case, in process and remotely; both must give the same bytes.

With SPINECODE_CONFORMANCE_OUT=FILE, what each ask answered in process is written there, one JSON object a line:
`{"ask": name, "profile": profile, "answer": canonical JSON}` with `answer` being an error's object where there is no
answer, so that the answers of other faces can be compared with these.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

import spinecode as sc

from .conformance import Ask, ask_of, asks, faults

ASKS = asks()
OUT = os.environ.get("SPINECODE_CONFORMANCE_OUT")


def names(ask: Ask) -> str:
    return ask.name


def outcomes(engine: sc.Engine, ask: Ask) -> dict[str, sc.CodedCase | sc.SpinecodeError]:
    return {profile: ask_of(engine, ask, profile) for profile in ask.profiles}


def test_there_are_cases_and_their_names_are_unique() -> None:
    assert len(ASKS) > 100
    assert len({ask.name for ask in ASKS}) == len(ASKS)


@pytest.mark.parametrize("ask", ASKS, ids=names)
def test_in_process(local: sc.Engine, ask: Ask) -> None:
    assert faults(ask, outcomes(local, ask)) == []


@pytest.mark.parametrize("ask", ASKS, ids=names)
def test_remote(local: sc.Engine, remote: sc.Engine, ask: Ask) -> None:
    near, far = outcomes(local, ask), outcomes(remote, ask)
    assert faults(ask, far) == []
    assert {profile: one.to_json() for profile, one in far.items()} == {
        profile: one.to_json() for profile, one in near.items()
    }


def test_in_bulk_answers_are_those_of_single_calls(local: sc.Engine) -> None:
    _compare_bulk(local)


def test_in_bulk_remote_answers_are_those_of_single_calls(remote: sc.Engine) -> None:
    _compare_bulk(remote)


def _compare_bulk(engine: sc.Engine) -> None:
    plain = [ask for ask in ASKS if ask.as_of is None]
    answers = engine.code_many([ask.input() for ask in plain], payer="medicare")
    for ask, answer in zip(plain, answers, strict=True):
        alone = ask_of(engine, ask, "medicare")
        assert type(answer) is type(alone), ask.name
        assert answer.to_json() == alone.to_json(), ask.name


@pytest.mark.skipif(OUT is None, reason="SPINECODE_CONFORMANCE_OUT does not name a file to write the answers to")
def test_write_answers(local: sc.Engine) -> None:
    with Path(str(OUT)).open("w", encoding="utf-8") as out:
        for ask in ASKS:
            for profile, outcome in outcomes(local, ask).items():
                head = json.dumps({"ask": ask.name, "profile": profile}, ensure_ascii=False)
                # The canonical JSON goes in as it is: reading and writing it again might change its bytes.
                out.write(f'{head[:-1]}, "answer": {outcome.to_json()}}}\n')


def test_the_command_line_writes_the_same_bytes(local: sc.Engine, binary: Path) -> None:
    cases = [ask.input() for ask in ASKS if ask.as_of is None]
    done = subprocess.run(
        [binary, "code", "--payer", "medicare"],
        input="".join(f"{json.dumps(case)}\n" for case in cases).encode(),
        capture_output=True,
        check=False,
        timeout=120,
    )
    answers = local.code_many(cases, payer="medicare")
    assert done.returncode == 2, "some of the cases are bad on purpose"
    assert done.stdout.decode().splitlines() == [
        answer.to_json() for answer in answers if isinstance(answer, sc.CodedCase | sc.SpinecodeError)
    ]
