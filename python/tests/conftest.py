"""What the tests share: engines, a server, and an answer that has every part."""

from __future__ import annotations

import json
import os
import re
import subprocess
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import spinecode as sc

if TYPE_CHECKING:
    from collections.abc import Iterator

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
def local() -> sc.Engine:
    return sc.Engine()


@pytest.fixture(scope="session", params=["in process", "remote"])
def engine(request: pytest.FixtureRequest) -> sc.Engine:
    """Give each kind of engine: both have the same methods and the same answers."""
    if request.param == "remote":
        remote: sc.Engine = request.getfixturevalue("remote")
        return remote
    return sc.Engine()


@pytest.fixture(scope="session")
def binary() -> Path:
    """Where the command line program is: it holds the server."""
    path = os.environ.get("SPINECODE_BIN")
    if not path:
        pytest.skip("remote: SPINECODE_BIN does not name the spinecode program, which holds the server")
    return Path(path).resolve(strict=True)


@contextmanager
def serving(binary: Path, *flags: str) -> Iterator[str]:
    """Run a server on a free loopback port, and give its address."""
    with subprocess.Popen(
        [binary, "serve", "--listen", "127.0.0.1:0", *flags],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            said = []
            for line in process.stdout:
                said.append(line)
                if found := re.search(r"127\.0\.0\.1:(\d+)", line):
                    # What it says later must not fill the pipe.
                    threading.Thread(target=process.stdout.read, daemon=True).start()
                    yield found[0]
                    break
            else:
                pytest.fail(f"the server did not tell its address: {''.join(said)}")
        finally:
            process.terminate()
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()


@pytest.fixture(scope="session")
def server(binary: Path) -> Iterator[str]:
    with serving(binary) as address:
        yield f"http://{address}"


@pytest.fixture(scope="session")
def remote(server: str) -> sc.Engine:
    engine = sc.connect(server)
    here, there = sc.Engine().info(), engine.info()
    if (here.engine, here.facts) != (there.engine, there.facts):
        pytest.fail("SPINECODE_BIN is built from other facts than the Python module: build both anew")
    return engine
