"""Alerts leave by mail and by webhook; what does not arrive is an error with a remedy."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from feedsvc.errors import ServiceError, Unreachable
from feedsvc.notify import Alert, Mailer, Trouble, Webhook
from feedsvc.protocols import HttpAnswer

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
ALERT = Alert(
    source="acme",
    title="Acme\r\nBcc: all@example.org",
    trouble=Trouble.SUSPECT,
    has_ended=False,
    since=NOON,
    at=NOON,
    reason="no items\r\n.\r\nQUIT",
)


class MailServer:
    """Speaks enough SMTP for one conversation."""

    def __init__(self, *, greeting: bytes = b"220 here\r\n") -> None:
        self._greeting = greeting
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._socket.getsockname()[1])
        self.data = b""
        self.commands: list[str] = []
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self) -> None:
        peer, _ = self._socket.accept()
        self._socket.close()
        with peer, peer.makefile("rwb") as stream:
            stream.write(self._greeting)
            stream.flush()
            is_data = False
            for raw in stream:
                if is_data:
                    if raw == b".\r\n":
                        is_data = False
                        stream.write(b"250 kept\r\n")
                    else:
                        self.data += raw
                        continue
                else:
                    self.commands.append(raw.decode().strip())
                    word = raw[:4].upper()
                    is_data = word == b"DATA"
                    stream.write(b"354 go on\r\n" if is_data else b"221 bye\r\n" if word == b"QUIT" else b"250 ok\r\n")
                stream.flush()
                if raw[:4].upper() == b"QUIT":
                    return


def mailer(port: int) -> Mailer:
    return Mailer(
        host="127.0.0.1", port=port, sender="feeds@example.org", to=("a@example.org", "b@example.org"), security="none"
    )


def test_a_mail_reaches_everybody_with_nothing_smuggled_in() -> None:
    server = MailServer()
    mailer(server.port).send(ALERT)
    server.thread.join(5)
    assert [line for line in server.commands if line.startswith("rcpt")] == [
        "rcpt TO:<a@example.org>",
        "rcpt TO:<b@example.org>",
    ]
    head, _, body = server.data.partition(b"\r\n\r\n")
    assert b"Subject: feedsvc: acme is suspect" in head
    assert b"Auto-Submitted: auto-generated" in head
    assert b"Bcc" not in head
    assert b"no items" in body


def test_a_server_that_refuses_is_an_error_with_a_remedy() -> None:
    server = MailServer(greeting=b"554 go away\r\n")
    with pytest.raises(ServiceError, match=r"the mail was not sent.*see alerts\.smtp"):
        mailer(server.port).send(ALERT)


class Recorder:
    """A protocols.HttpClient that answers what it is told."""

    def __init__(self, status: int | None) -> None:
        self.status = status
        self.bodies: list[bytes] = []

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        timeout: float = 10.0,
        max_answer: int = 1024,
    ) -> HttpAnswer:
        self.bodies.append(body)
        if self.status is None:
            raise Unreachable("no answer in time", subject=url)
        return HttpAnswer(status=self.status, headers={}, body=b"")


def test_a_webhook_gets_json() -> None:
    client = Recorder(204)
    Webhook(client=client, url="https://hooks.example/x").send(ALERT)
    (body,) = client.bodies
    told = json.loads(body)
    assert (told["source"], told["trouble"], told["ended"]) == ("acme", "suspect", False)


@pytest.mark.parametrize("status", [None, 302, 500])
def test_a_webhook_that_does_not_take_it_is_an_error(status: int | None) -> None:
    with pytest.raises(ServiceError, match=r"see alerts\.webhook"):
        Webhook(client=Recorder(status), url="https://hooks.example/x").send(ALERT)
