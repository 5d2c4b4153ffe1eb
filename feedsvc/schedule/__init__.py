"""When to scrape."""

from feedsvc.schedule.cadence import Due, Standing, next_due
from feedsvc.schedule.planner import Planner
from feedsvc.schedule.scheduler import Scheduler

__all__ = ["Due", "Planner", "Scheduler", "Standing", "next_due"]
