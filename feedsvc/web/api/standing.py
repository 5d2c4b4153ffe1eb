"""How the service stands: settings, hosts, health, alerts, failures, backups."""

from __future__ import annotations

from feedsvc.web.api.models.common import Page
from feedsvc.web.api.models.sources import ScrapeDocument
from feedsvc.web.api.models.standing import AlertDocument, AtMost, HealthDocument, HostDocument, SettingDocument
from feedsvc.web.api.operation import Answer, Call, Nothing, operation

TAG = "service"


@operation("GET", "/settings", tag=TAG, scope="admin", answer=Page[SettingDocument])
def list_settings(call: Call[Nothing, Nothing]) -> Page[SettingDocument]:
    """Read the settings in force, and where each comes from."""
    return Page(items=[SettingDocument.of(one) for one in call.desk.settings()])


@operation("GET", "/hosts", tag=TAG, scope="read", answer=Page[HostDocument])
def list_hosts(call: Call[Nothing, Nothing]) -> Page[HostDocument]:
    """List the hosts of sources and what they bear, the busiest first."""
    return Page(items=[HostDocument.of(one) for one in call.desk.hosts()])


@operation("GET", "/health", tag=TAG, scope="read", answer=HealthDocument)
def get_health(call: Call[Nothing, Nothing]) -> HealthDocument:
    """Read how the service is, and what to do about it."""
    return HealthDocument.of(call.desk.health())


@operation("GET", "/alerts", tag=TAG, scope="read", query=AtMost, answer=Page[AlertDocument])
def list_alerts(call: Call[AtMost, Nothing]) -> Page[AlertDocument]:
    """List troubles of sources, those in force first."""
    return Page(
        items=[
            AlertDocument(
                source=alert.source,
                trouble=alert.trouble.value,
                since=alert.since,
                ended_at=alert.at if alert.has_ended else None,
                reason=alert.reason,
                text=alert.text,
            )
            for alert in call.desk.alerts(limit=call.query.limit)
        ]
    )


@operation("GET", "/failures", tag=TAG, scope="read", query=AtMost, answer=Page[ScrapeDocument])
def list_failures(call: Call[AtMost, Nothing]) -> Page[ScrapeDocument]:
    """List the latest scrapes that failed or looked wrong; each says why, and what to do."""
    return Page(items=[ScrapeDocument.of(one) for one in call.desk.failures(limit=call.query.limit)])


@operation("POST", "/backups", tag=TAG, scope="admin", media_type="application/vnd.sqlite3")
def make_backup(call: Call[Nothing, Nothing]) -> Answer:
    """Download everything as one SQLite file, for `feedsvc restore`."""
    path = call.desk.back_up()
    name = path.name
    return Answer(file=path, headers={"Content-Disposition": f'attachment; filename="{name}"'})
