"""Pictures for the demo's releases, drawn here: a night sky over the sea, as PNG (RFC 2083) without any library."""

from __future__ import annotations

import random
import struct
import zlib
from functools import lru_cache

WIDTH, HEIGHT = 640, 360
_SKIES = (
    ((10, 14, 40), (66, 60, 120)),
    ((14, 22, 44), (170, 96, 84)),
    ((6, 16, 32), (36, 92, 104)),
    ((20, 14, 36), (128, 70, 116)),
)
_SEA, _LAND, _DOME = (8, 18, 30), (5, 9, 14), (206, 212, 216)
Colour = tuple[int, int, int]


@lru_cache(maxsize=64)
def picture(seed: str) -> bytes:
    """A PNG that is always the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311
    top, horizon = chance.choice(_SKIES)
    line = HEIGHT * 3 // 4
    rows = [_row(_between(top, horizon, y / line) if y < line else _SEA) for y in range(HEIGHT)]
    for _ in range(chance.randint(150, 320)):
        light = chance.randint(120, 255)
        _dot(rows, chance.randrange(WIDTH), chance.randrange(line - 20), chance.choice((1, 1, 1, 2)), (light,) * 3)
    if chance.random() < 0.6:
        _disc(rows, chance.randint(60, WIDTH - 60), chance.randint(40, 140), chance.randint(14, 34), (236, 230, 206))
    _island(rows, chance, line)
    return _png(b"".join(b"\0" + bytes(row) for row in rows))


def _row(colour: Colour) -> bytearray:
    return bytearray(bytes(colour) * WIDTH)


def _between(first: Colour, last: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share**2) for a, b in zip(first, last, strict=True))
    return red, green, blue


def _span(rows: list[bytearray], y: int, left: int, right: int, colour: Colour) -> None:
    left, right = max(left, 0), min(right, WIDTH)
    if 0 <= y < HEIGHT and left < right:
        rows[y][left * 3 : right * 3] = bytes(colour) * (right - left)


def _dot(rows: list[bytearray], x: int, y: int, size: int, colour: Colour) -> None:
    for row in range(y, y + size):
        _span(rows, row, x, x + size, colour)


def _disc(rows: list[bytearray], x: int, y: int, radius: int, colour: Colour, *, upper_half: bool = False) -> None:
    for dy in range(-radius, 1 if upper_half else radius + 1):
        half = int((radius**2 - dy**2) ** 0.5)
        _span(rows, y + dy, x - half, x + half + 1, colour)


def _island(rows: list[bytearray], chance: random.Random, line: int) -> None:
    middle, half, tall = chance.randint(180, WIDTH - 180), chance.randint(150, 260), chance.randint(26, 48)
    for y in range(tall):
        reach = int(half * (1 - (y / tall) ** 2) ** 0.5)
        _span(rows, line - y, middle - reach, middle + reach, _LAND)
    for offset in chance.sample((-70, -20, 40, 85), chance.randint(2, 3)):
        radius = chance.randint(10, 20)
        base = line - tall + abs(offset) // 6
        _dot(rows, middle + offset - radius, base, 2 * radius, _LAND)
        _disc(rows, middle + offset, base, radius, _DOME, upper_half=True)
        _span(rows, base - radius // 2, middle + offset - 2, middle + offset + 2, _LAND)


def _png(raw: bytes) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(raw, 6)) + chunk(b"IEND", b"")
