"""Alerts as JSON to an address of the admin's."""

from __future__ import annotations

import json
from dataclasses import dataclass

from feedsvc.errors import FetchError, ServiceError
from feedsvc.notify.alert import Alert
from feedsvc.protocols import HttpClient


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """Posts alerts to one address, under the same guard as every other request."""

    client: HttpClient
    url: str

    def send(self, alert: Alert) -> None:
        """Post one alert. Raises ServiceError where the answer is not a 2xx."""
        body = json.dumps(
            {
                "source": alert.source,
                "title": alert.title,
                "trouble": alert.trouble.value,
                "ended": alert.has_ended,
                "since": alert.since.isoformat(),
                "at": alert.at.isoformat(),
                "reason": alert.reason,
                "text": alert.text,
            },
            ensure_ascii=False,
        ).encode("utf-8", "replace")
        try:
            answer = self.client.request(
                "POST", self.url, headers={"content-type": "application/json; charset=utf-8"}, body=body
            )
        except FetchError as error:
            raise ServiceError(error.message, subject=self.url, remedy="see alerts.webhook") from error
        if not 200 <= answer.status < 300:
            raise ServiceError(f"answered {answer.status}", subject=self.url, remedy="see alerts.webhook")
