"""``schedule``: when a source will be scraped, and why then."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import click

from feedsvc.cli.options import Command, Options, make_data_folder, pass_options
from feedsvc.cli.output import print_json, print_rows
from feedsvc.service.planning import HostLoad, Lag, Schedule


@click.command(cls=Command)
@click.argument("key")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_options
def schedule(options: Options, key: str, as_json: bool) -> None:
    """Show a source's next 24 hours, what another budget would change, and the load on its hosts."""
    from feedsvc.service import Service

    options.log()
    config = options.load()
    make_data_folder(config)
    with Service.open(config) as service:
        plan = service.schedule(key)
    if as_json:
        print_json(plan)
        return
    click.echo(_head(plan))
    zone = ZoneInfo(plan.zone)
    minutes = {due.at.replace(second=0, microsecond=0) for due in plan.scrapes}
    form = "%a %d %b %H:%M" if len(minutes) == len(plan.scrapes) else "%a %d %b %H:%M:%S"
    rows = [(f"{due.at.astimezone(zone):{form}}", due.why) for due in plan.scrapes]
    if rows:
        print_rows((f"scrape ({plan.zone})", "why"), rows)
        if plan.is_cut:
            click.echo(f"and so on: about {plan.scrapes_a_week / 7:,.0f} scrapes a day")
    elif plan.due_at is not None:
        click.echo(f"nothing in the next 24 hours; then {plan.due_at.astimezone(zone):%a %d %b %H:%M}, {plan.due_why}")
    click.echo()
    print_rows(("budget", "scrapes a week", "expected lag", "lag at even intervals"), map(_lag_row, plan.lags))
    click.echo()
    print_rows(("host", "sources", "scrapes a day", "requests a day", "of at most"), map(_host_row, plan.hosts))


def _head(plan: Schedule) -> str:
    if not plan.is_enabled:
        return f"{plan.key} is not enabled: nothing is planned"
    origin = f" (from {plan.cadence_from})" if plan.cadence_from else ""
    known = f", its rhythm learned from {plan.learned_from} releases" if plan.learned_from is not None else ""
    return f"{plan.key}: by {plan.cadence}{origin}{known}; if nothing new is found meanwhile:"


def _lag_row(lag: Lag) -> tuple[object, ...]:
    return (lag.budget, f"{lag.scrapes_a_week:.0f}", _minutes(lag.placed), _minutes(lag.evenly))


def _host_row(load: HostLoad) -> tuple[object, ...]:
    return (
        load.host,
        load.sources,
        f"{load.scrapes_a_day:.0f}",
        f"{load.requests_a_day:.0f}",
        f"{load.most_a_day:.0f}",
    )


def _minutes(span: timedelta | None) -> str:
    return f"{span.total_seconds() / 60:.0f} min" if span is not None else "not known yet"
