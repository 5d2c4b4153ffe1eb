"""Follow publication histories live, for ``score_schedule.py``: JSON lines in, JSON lines out.

Uses the product's own rhythm and placing; what no scrape has found yet is not known.
"""

from __future__ import annotations

import json
import sys
from bisect import bisect_right
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from feedsvc.schedule.follow import Follower


def follow(job: dict) -> list[float]:
    events = job["events"]
    known = bisect_right(events, job["train_until"])
    follower = Follower.begin(events[:known], now=job["train_until"], per_week=job["budget_per_week"])
    scrapes = []
    while (moment := follower.place().at) <= job["until"]:
        upto = bisect_right(events, moment)
        follower.scraped(moment, found=events[known:upto])
        known = upto
        scrapes.append(moment)
    return scrapes


if __name__ == "__main__":
    for line in sys.stdin:
        job = json.loads(line)
        print(json.dumps({"id": job["id"], "scrapes": follow(job)}), flush=True)
