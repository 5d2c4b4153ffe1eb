"""One scrape of a source from end to end."""

from feedsvc.scrape.outcome import NextTurn, PageFailure, Result, ScrapeOutcome
from feedsvc.scrape.progress import Progress
from feedsvc.scrape.reading import Reading
from feedsvc.scrape.scraper import Scraper
from feedsvc.scrape.settings import ScrapeSettings

__all__ = [
    "NextTurn",
    "PageFailure",
    "Progress",
    "Reading",
    "Result",
    "ScrapeOutcome",
    "ScrapeSettings",
    "Scraper",
]
