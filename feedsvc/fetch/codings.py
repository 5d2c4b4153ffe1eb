"""Content codings, decoded piece by piece with bounded output (rule F5; RFC 9110 section 8.4)."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from typing import Protocol

import brotli

from feedsvc.errors import Refused, Unreachable

#: What we ask for: exactly the codings whose output can be bounded while decoding.
ACCEPTED = "gzip, deflate, br"

#: Bytes that one step of a decoder may give: what a bomb can cost beyond the cap.
_STEP = 256 * 1024


class Decoder(Protocol):
    """Undoes one coding; every piece it gives is at most ``_STEP`` bytes, however far the input expands."""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The decoded pieces that ``data`` makes available; raises Unreachable where it is not of this coding."""
        ...

    def finish(self) -> None:
        """Raises Unreachable where the coded stream is not complete."""
        ...


class Identity:
    """No coding."""

    def feed(self, data: bytes) -> Iterator[bytes]:
        yield data

    def finish(self) -> None:
        return


class Zlib:
    """gzip with any number of members (RFC 1952), or deflate: zlib format (RFC 1950) or, as some servers send, bare."""

    def __init__(self, coding: str) -> None:
        self._coding = coding
        self._window = 16 + zlib.MAX_WBITS if coding == "gzip" else zlib.MAX_WBITS
        self._stream = zlib.decompressobj(self._window)
        self._is_started = False
        self._is_complete = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        while data:
            if self._is_complete:
                if self._coding != "gzip" or not data.startswith(b"\x1f"):
                    return  # Padding after the end; browsers ignore it, and so do we.
                self._stream, self._is_complete = zlib.decompressobj(self._window), False
            piece = self._step(data)
            if piece:
                yield piece
            data = self._stream.unused_data if self._stream.eof else self._stream.unconsumed_tail
            self._is_complete = self._stream.eof

    def _step(self, data: bytes) -> bytes:
        try:
            piece = self._stream.decompress(data, _STEP)
        except zlib.error as error:
            if self._coding != "deflate" or self._is_started:
                raise _broken(self._coding) from error
            self._stream = zlib.decompressobj(-zlib.MAX_WBITS)
            try:
                piece = self._stream.decompress(data, _STEP)
            except zlib.error:
                raise _broken(self._coding) from error
        self._is_started = True
        return piece

    def finish(self) -> None:
        if self._is_started and not self._is_complete:
            raise _cut(self._coding)


class Brotli:
    """br (RFC 7932); the library's streaming decoder takes a limit for its output since 1.2."""

    def __init__(self) -> None:
        self._stream = brotli.Decompressor()
        self._is_started = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        if self._stream.is_finished():
            return
        self._is_started = self._is_started or bool(data)
        try:
            piece = self._stream.process(data, output_buffer_limit=_STEP)
            while piece:
                yield piece
                if self._stream.is_finished() or self._stream.can_accept_more_data():
                    break
                piece = self._stream.process(b"", output_buffer_limit=_STEP)
        except brotli.error as error:
            raise _broken("br") from error

    def finish(self) -> None:
        if self._is_started and not self._stream.is_finished():
            raise _cut("br")


def decoder_for(content_encoding: Iterable[str]) -> Decoder:
    """The decoder for the Content-Encoding fields of an answer; raises Refused for a nested or unknown coding."""
    names = [name.strip().lower() for field in content_encoding for name in field.split(",")]
    codings = [name for name in names if name not in ("", "identity")]
    if not codings:
        return Identity()
    if len(codings) > 1:
        raise _unreadable(f"the answer is coded {len(codings)} times over ({', '.join(codings[:5])})")
    match codings[0]:
        case "gzip" | "x-gzip":
            return Zlib("gzip")
        case "deflate":
            return Zlib("deflate")
        case "br":
            return Brotli()
    raise _unreadable(f"the answer comes in the coding '{codings[0][:40]}', which was not asked for")


def _unreadable(message: str) -> Refused:
    return Refused(message, remedy="the server ignores Accept-Encoding; tell its operator")


def _broken(coding: str) -> Unreachable:
    return Unreachable(f"the answer claims to be {coding} but is not", remedy="try again later; the server is faulty")


def _cut(coding: str) -> Unreachable:
    return Unreachable(f"the {coding} answer ends too early", remedy="try again later; the answer was cut on its way")
