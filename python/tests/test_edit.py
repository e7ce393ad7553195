"""Editing claims: the same reports in process, remotely and from the command line, and the classes of a report."""

from __future__ import annotations

import copy
import datetime as dt
import json
import pickle
import subprocess
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

import spinecode as sc

from .claims import Asked, asks

if TYPE_CHECKING:
    from pathlib import Path

ASKS = [asked for asked in asks() if asked.release is None]
CLAIM = sc.Claim(
    [
        sc.ClaimLine("64493", dt.date(2024, 3, 5), ["50"], charge=Decimal("120.50"), diagnosis_pointers=[1]),
        {"code": "64493", "date_of_service": "2024-03-05", "modifiers": ["50"], "units": 1.0},
    ],
    claim_id="c1",
    person_id="p1",
    payer="Medicare",
    claim_type="professional",
    place_of_service="22",
    diagnoses=["M47.816"],
    patient_age=61,
    history=[],
)


def names(asked: Asked) -> str:
    return asked.name


def told(one: sc.EditReport | Exception) -> str:
    return one.to_json() if isinstance(one, sc.EditReport | sc.SpinecodeError) else repr(one)


@pytest.mark.parametrize("asked", ASKS, ids=names)
def test_remote_reports_are_those_in_process(local: sc.Engine, remote: sc.Engine, asked: Asked) -> None:
    near = [told(one) for one in local.edit_many(asked.claims, **asked.options)]
    assert near == [told(one) for one in remote.edit_many(asked.claims, **asked.options)]


def test_reports_are_those_of_the_command_line(local: sc.Engine, binary: Path) -> None:
    flags = {"payer": "--payer", "as_of": "--as-of", "alone": "--alone", "repair": "--repair"}
    for asked in ASKS[::7]:
        if "nearest_quarter" in asked.options:
            continue
        arguments: list[str] = []
        for key, value in asked.options.items():
            arguments += [flags[key]] if value is True else [flags[key], str(value)]
        lines = "".join(json.dumps(claim) + "\n" for claim in asked.claims)
        run = subprocess.run([binary, "edit", *arguments], input=lines, capture_output=True, text=True, check=False)
        near = local.edit_many(asked.claims, **asked.options)
        for one, line in zip(near, run.stdout.splitlines(), strict=True):
            if isinstance(one, sc.EditReport):
                assert one.to_json() == line, asked.name
            else:
                assert "error" in json.loads(line), asked.name


def test_a_claim_reads_back_equal_and_is_written_as_the_schema_says() -> None:
    for same in (
        sc.Claim.from_dict(CLAIM.to_dict()),
        sc.Claim.from_json(CLAIM.to_json()),
        pickle.loads(pickle.dumps(CLAIM)),
        copy.deepcopy(CLAIM),
    ):
        assert same == CLAIM
        assert hash(same) == hash(CLAIM)
    assert CLAIM.lines[0].charge == "120.50"
    assert CLAIM.lines[1].units == "1.0"
    assert CLAIM.lines[0].diagnosis_pointers == ("1",)
    assert CLAIM.lines[0].date_of_service == dt.date(2024, 3, 5)
    assert CLAIM.history == ()
    assert sc.Claim([]).history is None
    assert str(CLAIM.lines[0]) == "64493-50"
    assert list(CLAIM.to_dict())[:3] == ["claim_id", "person_id", "payer"]
    assert sc.Claim.from_dict(CLAIM.to_dict()).patient_age == "61"


def test_what_no_claim_takes_is_told_at_its_path() -> None:
    for bad, path in (
        ({"lines": [{"code": 64493, "date_of_service": "2024-03-05"}]}, "lines[0].code"),
        ({"lines": [{"code": "64493", "date_of_service": "2024-03-05", "units": object()}]}, "lines[0].units"),
        ({"lines": [{"code": "64493", "date_of_service": "2024-03-05", "charge": True}]}, "lines[0].charge"),
        ({"lines": [], "linez": []}, "linez"),
    ):
        with pytest.raises(sc.InputError) as fault:
            sc.Claim.from_dict(bad)
        assert [violation.path for violation in fault.value.violations] == [path]
    with pytest.raises(TypeError):
        sc.ClaimLine("64493", "2024-03-05", unit=2)  # type: ignore[call-arg]


def test_one_claim_gives_its_report_and_several_a_list(engine: sc.Engine) -> None:
    report = engine.edit(CLAIM, repair=True)
    assert isinstance(report, sc.EditReport)
    assert report.claim_id == "c1"
    assert [line.code for line in report.lines] == ["64493", "64493"]
    assert set(report.lines[0].verdicts) == set(engine.info().edit_layers)
    assert engine.edit([CLAIM], repair=True) == [report]
    assert engine.edit(CLAIM.to_dict(), repair=True) == report
    assert engine.edit(CLAIM.to_json(), repair=True) == report
    assert engine.edit([]) == []


def test_a_bad_claim_spoils_no_other(engine: sc.Engine) -> None:
    bad = sc.Claim([sc.ClaimLine("64493", "March")], claim_id="bad")
    told = engine.edit_many([CLAIM, bad, {"lines": 3}, CLAIM.to_dict(), "{"])
    kinds = [type(one) for one in told]
    assert kinds == [sc.EditReport, sc.InputError, sc.InputError, sc.EditReport, sc.InputError]
    with pytest.raises(sc.InputError) as fault:
        engine.edit([CLAIM, bad])
    assert [violation.path for violation in fault.value.violations] == ["lines[0].date_of_service"]
    with pytest.raises(TypeError):
        engine.edit(3)  # type: ignore[call-overload]


def parts(report: sc.EditReport) -> list[Any]:
    found = report.findings[0]
    repair = report.repairs[0]
    all_parts = [report, report.lines[0], found, found.lines[0], repair, repair.changes[0], report.knowledge]
    return all_parts + ([found.adjustment] if found.adjustment else [])


def test_a_report_is_a_frozen_value_in_all_its_parts(local: sc.Engine) -> None:
    report = local.edit(CLAIM, repair=True)
    assert any(finding.rule.startswith("FRM-") for finding in report.findings), "the second line is a duplicate"
    for part in parts(report):
        same = type(part).from_json(part.to_json())
        assert same == part
        assert hash(same) == hash(part)
        assert pickle.loads(pickle.dumps(part)) == part
        assert type(part).from_dict(part.to_dict()) == part
        for name in part.__match_args__:
            getattr(part, name)
        with pytest.raises(AttributeError):
            part.code = "1"
    assert report.to_dict() == json.loads(report.to_json())
    finding = report.findings[0]
    assert repr(finding).startswith(f"Finding(rule='{finding.rule}', verdict='{finding.verdict}', lines=(LineRef(")
    assert finding.lines[0].code in str(finding)
    assert str(report.repairs[0]).endswith(".")
    assert finding.rule in str(report)
    assert finding.rule in report._repr_html_()


def test_findings_as_a_frame(local: sc.Engine) -> None:
    pandas = pytest.importorskip("pandas")
    report = local.edit(CLAIM)
    frame = report.to_frame("pandas")
    assert isinstance(frame, pandas.DataFrame)
    assert list(frame["rule"]) == [finding.rule for finding in report.findings]
    assert len(sc.to_frame([report, ValueError(), report], "pandas")) == 2 * len(report.findings)
