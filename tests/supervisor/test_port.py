"""A taken port is said before anything starts, and a claimed one stays ours."""

from __future__ import annotations

import socket

import pytest

from feedsvc.errors import ServiceError
from feedsvc.supervisor import reserve


def test_a_taken_port_is_refused_even_if_its_owner_would_share_it() -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(ServiceError, match=r"the port is taken .*another --port"):
            reserve("127.0.0.1", other.getsockname()[1])


def test_a_claimed_port_cannot_be_taken_by_another_program() -> None:
    reservation = reserve("127.0.0.1", 0)
    with socket.socket() as other, pytest.raises(OSError, match="in use"):
        other.bind(("127.0.0.1", reservation.port))
    reservation.close()


def test_a_claimed_port_answers_only_once_a_server_listens() -> None:
    reservation = reserve("127.0.0.1", 0)
    assert not reservation.is_answering()
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        server.bind(("127.0.0.1", reservation.port))
        server.listen()
        assert reservation.is_answering()
    reservation.close()


def test_any_address_is_shown_as_one_that_a_browser_can_open() -> None:
    reservation = reserve("0.0.0.0", 0)
    assert reservation.url == f"http://127.0.0.1:{reservation.port}/"
    reservation.close()


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(ServiceError, match="--host"):
        reserve("192.0.2.1", 0)
    with pytest.raises(ServiceError, match="is not an address of this machine"):
        reserve("no such host", 0)
