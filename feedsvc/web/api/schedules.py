"""Schedules: as they are, and as they would be."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from feedsvc.service.source_document import changed_source
from feedsvc.web.api.models.schedules import Ahead, ScheduleDocument, Trial
from feedsvc.web.api.operation import Call, Nothing, operation

TAG = "schedules"


@operation("GET", "/sources/{key}/schedule", tag=TAG, scope="read", query=Ahead, answer=ScheduleDocument)
def get_schedule(call: Call[Ahead, Nothing]) -> ScheduleDocument:
    """Read when a source will be scraped and why, how late releases will be, and the load on its hosts."""
    state = call.desk.state(call.path["key"])
    return ScheduleDocument.of(call.desk.schedule(state, ahead=timedelta(hours=call.query.hours)))


@operation(
    "POST", "/sources/{key}/schedule/trial", tag=TAG, scope="read", query=Ahead, body=Trial, answer=ScheduleDocument
)
def try_schedule(call: Call[Ahead, Trial]) -> ScheduleDocument:
    """Look at what another cadence would come to; nothing is changed."""
    state = call.desk.state(call.path["key"])
    wanted = changed_source(state.source, call.body.model_dump(exclude_unset=True))
    trial = replace(state, source=wanted, due_at=None if wanted.cadence != state.source.cadence else state.due_at)
    return ScheduleDocument.of(call.desk.schedule(trial, ahead=timedelta(hours=call.query.hours)))
