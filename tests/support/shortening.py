"""Looks through lives made from numbers for those that end badly, and makes each as short as it gets."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Generic, TypeVar

import structlog

from tests.support.lives import Day, Nature

Kind = TypeVar("Kind", bound=Nature)
#: What is wrong at the end, and what happened, scrape by scrape.
Told = tuple[list[str], list[str]]


@dataclass(frozen=True)
class Lives(Generic[Kind]):
    """Lives of one kind."""

    made: Callable[[int], tuple[Kind, tuple[Day, ...]]]
    is_fair: Callable[[Kind, Sequence[Day]], bool]
    lived: Callable[[Kind, Sequence[Day], Path], Told]

    def look_through(self, first: int, count: int) -> None:
        """Print those that end badly among so many."""
        structlog.configure(logger_factory=structlog.ReturnLoggerFactory(), processors=[lambda *_: ""])
        for number in range(first, first + count):
            if told := self._told(number):
                print(told, flush=True)

    def _told(self, number: int) -> str:
        """What is wrong with one life, as short as it gets; "" where nothing is."""
        nature, days = self.made(number)
        faults, log = self._live(nature, days) if self.is_fair(nature, days) else ([], [])
        if not faults:
            return ""
        is_shorter = True
        while is_shorter:
            is_shorter = False
            for other in filter(lambda one: self.is_fair(*one), _shorter(nature, days)):
                found, told = self._live(*other)
                if _kinds(found) & _kinds(faults):
                    (nature, days), faults, log, is_shorter = other, found, told, True
                    break
        return "\n  ".join([f"{number}: {_brief(nature)}", *faults[:4], *map(_brief, days), *log])

    def _live(self, nature: Kind, days: Sequence[Day]) -> Told:
        with tempfile.TemporaryDirectory() as folder:
            return self.lived(nature, days, Path(folder))


def _shorter(nature: Kind, days: tuple[Day, ...]) -> Iterator[tuple[Kind, tuple[Day, ...]]]:
    """Lives like this one, each with something less."""
    for part in (len(days) // 2, len(days) // 4, 1):
        for at in range(0, len(days), max(part, 1)):
            if 0 < part < len(days):
                yield nature, (*days[:at], *days[at + part :])
    for at, day in enumerate(days):
        for each in fields(day):
            plain: Any = each.default
            if each.name != "hours" and getattr(day, each.name) != plain:
                yield nature, (*days[:at], replace(day, **{each.name: plain}), *days[at + 1 :])
    for each in fields(nature):
        usual: Any = 10 if each.name == "past" and nature.past else each.default
        if getattr(nature, each.name) != usual:
            yield replace(nature, **{each.name: usual}), days


def _kinds(faults: Sequence[str]) -> set[str]:
    return {fault.partition(":")[0].lstrip("0123456789 ") for fault in faults}


def _brief(one: Nature | Day) -> str:
    said = {each.name: getattr(one, each.name) for each in fields(one) if getattr(one, each.name) != each.default}
    return f"{type(one).__name__}({', '.join(f'{name}={value!r}' for name, value in said.items())})"
