from __future__ import annotations

import pickle
import socket
import time
from typing import TYPE_CHECKING

import pytest
import trustme

import spinecode as sc

from .conftest import facet_case, serving

if TYPE_CHECKING:
    from pathlib import Path


def test_a_remote_engine_says_where_it_asks(remote: sc.Engine, server: str, local: sc.Engine) -> None:
    assert remote.url == server
    assert remote.facts is None
    assert repr(remote) == f'connect("{server}")'
    assert local.url is None


def test_both_engines_are_the_same(remote: sc.Engine, local: sc.Engine) -> None:
    assert remote.info() == local.info()
    assert [remote.rule(rule) for rule in local.info().rules] == [local.rule(rule) for rule in local.info().rules]
    for trace in ("none", "ids", "full"):
        near, far = (engine.code(facet_case(case_id="é"), trace=trace) for engine in (local, remote))
        assert near.to_json() == far.to_json()
        assert near.hash == far.hash


def test_a_server_that_is_not_there_is_a_transport_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(sc.TransportError, match=str(port)):
        sc.connect(f"http://127.0.0.1:{port}", timeout=5)
    with pytest.raises(sc.TransportError):
        sc.connect("ftp://127.0.0.1:1")


def test_a_server_that_stops_is_a_transport_error_in_each_place(binary: Path) -> None:
    with serving(binary) as address:
        engine = sc.connect(f"http://{address}", timeout=5)
        pickled = pickle.dumps(engine)
        assert engine.code(facet_case()).status == "coded"
    with pytest.raises(sc.TransportError):
        engine.code(facet_case())
    assert [type(result) for result in engine.code_many([facet_case(), "{", facet_case()])] == [
        sc.TransportError,
        sc.InputError,
        sc.TransportError,
    ]
    with pytest.raises(sc.TransportError):
        pickle.loads(pickled)


def test_a_server_that_says_nothing_is_given_up() -> None:
    # The system takes the connection; nobody answers on it.
    with socket.create_server(("127.0.0.1", 0)) as silent:
        begun = time.monotonic()
        with pytest.raises(sc.TransportError):
            sc.connect(f"http://127.0.0.1:{silent.getsockname()[1]}", timeout=0.5).code(facet_case())
        assert time.monotonic() - begun < 10


@pytest.mark.parametrize("seconds", [0, -1, float("nan"), float("inf")])
def test_a_timeout_is_a_time(seconds: float) -> None:
    with pytest.raises(ValueError, match="timeout"):
        sc.connect("http://127.0.0.1:1", timeout=seconds)


def test_tls_with_certificates_of_both_sides(binary: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    authority = trustme.CA()
    authority.cert_pem.write_to_path("ca.pem")
    for who in ("server", "client"):
        issued = authority.issue_cert(f"{who}.test")
        issued.private_key_pem.write_to_path(f"{who}.key")
        for at, chain in enumerate(issued.cert_chain_pems):
            chain.write_to_path(f"{who}.pem", append=at > 0)
    flags = ("--tls-cert", "server.pem", "--tls-key", "server.key", "--client-ca", "ca.pem")
    with serving(binary, *flags) as address:
        url = f"https://{address}"
        engine = sc.connect(url, ca="ca.pem", cert="client.pem", key="client.key", domain="server.test", timeout=10)
        assert engine.code(facet_case()) == sc.Engine().code(facet_case())
        monkeypatch.chdir("/")
        assert pickle.loads(pickle.dumps(engine)).code(facet_case()).status == "coded"
        monkeypatch.chdir(tmp_path)
        with pytest.raises(sc.TransportError):
            sc.connect(url, domain="server.test", timeout=5)
        with pytest.raises(sc.TransportError):
            sc.connect(url, ca="ca.pem", cert="client.pem", key="client.key", domain="other.test", timeout=5)
        with pytest.raises(sc.TransportError):
            sc.connect(url, ca="ca.pem", domain="server.test", timeout=5).code(facet_case())
        with pytest.raises(sc.TransportError):
            sc.connect(url, ca="ca.pem", cert="client.pem", domain="server.test")
        with pytest.raises(sc.TransportError, match="https"):
            sc.connect(f"http://{address}", ca="ca.pem")
