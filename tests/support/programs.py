"""A program that uses the API: sends its token, reads JSON, follows links."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from werkzeug.test import Client, TestResponse

BASE = "https://feeds.example"


@dataclass
class Program:
    """One program with one token."""

    client: Client
    secret: str = ""

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> TestResponse:
        """A call; the body as JSON, bytes as they are."""
        own = {"Authorization": f"Bearer {self.secret}"} if self.secret else {}
        raw = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        kind = {"Content-Type": "application/json"} if raw is not None else {}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.open(
            f"/api/v1{path}", method=method, data=raw, base_url=BASE, headers={**kind, **own, **named}, buffered=True
        )

    def get(self, path: str, **headers: str) -> Any:
        """A document that must be there."""
        answer = self.send("GET", path, **headers)
        assert answer.status_code == 200, (path, answer.status_code, answer.text[:400])
        return answer.json

    def tag(self, path: str) -> str:
        """The validator of a document."""
        return self.send("GET", path).headers["ETag"]
