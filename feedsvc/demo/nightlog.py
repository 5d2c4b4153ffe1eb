"""Night logs without end: what the observatory writes when it has no other news. Number n is always the same text."""

from __future__ import annotations

import random

from feedsvc.demo.story import Story

_SKIES = (
    "clear until three, then fog",
    "cloud until midnight, then everything at once",
    "thin cirrus, bright Moon, good humour",
    "not a cloud, and frost on the railings",
    "rain, then a rainbow by moonlight",
    "wind from the north-east, domes closed for an hour",
    "haze in the west, velvet overhead",
)
_WORK = (
    "Nineteen spectra of close pairs were taken, and one of the harbour light by mistake",
    "The comet was followed for two hours, during which it moved by about the width of a thumb at arm's length",
    "Flat fields were taken at dusk, and darks at dawn; in between there was little to photograph",
    "The new detector saw eleven stars behind the dust lane that it had not seen on the night before",
    "The dome was pushed eighty-one times, which is a record for a Tuesday",
    "A guest observer from the mainland found her target on the first try, and then her gloves on the third",
)
_ASIDES = (
    "An owl sat on the slit of the east dome from one until two and was entered as an observer.",
    "The kettle failed at half past one. Observations were continued under protest.",
    "The kitten of the harbour master has learnt the way up, and the way into the warm room.",
    "Somebody has oiled the spiral stairs; whoever it was, thank you.",
    "Two ships passed without lights and were asked, by lamp, to be so kind as to go on like that.",
    "The sea was so calm that Vega could be seen in it.",
)
_OBSERVERS = ("Mara Quill", "Priya Venn", "Tomas Edgerley", "Ines Halloran")


def night_log(number: int) -> Story:
    """The night log of that number."""
    chance = random.Random(number)  # noqa: S311
    sky, seeing = chance.choice(_SKIES), chance.randint(6, 24) / 10
    first, second = chance.sample(_WORK, 2)
    weather = (
        f"Sky: {sky}. Seeing {seeing} seconds of arc, wind {chance.randint(1, 17)} metres a second, humidity "
        f"{chance.randint(55, 98)} per cent, temperature {chance.randint(-4, 14)} degrees."
    )
    return Story(
        section="research",
        slug=f"night-log-{1430 + number}",
        title=f"Night log {1430 + number}: {sky}",
        summary=f"Seeing {seeing} arcseconds. {first}.",
        paragraphs=(
            weather,
            f"{first}. {second}.",
            chance.choice(_ASIDES),
        ),
        author=chance.choice(_OBSERVERS),
        caption="The sky at the middle of the night, from the roof camera.",
    )
