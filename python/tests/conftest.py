"""What the tests share: engines, a server, and an answer that has every part."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import spinecode as sc

HERE = Path(__file__).parent
ROOT = HERE.parent.parent


def facet_case(**changes: Any) -> dict[str, Any]:
    """Give a case that is coded whole: two lumbar joints on one side."""
    return {
        "date_of_service": "2024-03-05",
        "place_of_service": "11",
        "setting": "professional",
        "procedures": [
            {
                "kind": "facet_injection",
                "target": "joint",
                "levels": ["L4-L5", "L5-S1"],
                "side": "right",
                "guidance": "fluoroscopy",
            }
        ],
        **changes,
    }


@pytest.fixture(scope="session")
def sample() -> dict[str, Any]:
    data: dict[str, Any] = json.loads((HERE / "data" / "coded_case.json").read_text(encoding="utf-8"))
    return data


@pytest.fixture
def answer(sample: dict[str, Any]) -> sc.CodedCase:
    return sc.CodedCase.from_dict(sample)


@pytest.fixture(scope="session")
def engine() -> sc.Engine:
    engine = sc.Engine()
    try:
        engine.info()
    except sc.UnsupportedError:
        pytest.skip("the engine in process does not answer yet")
    return engine
