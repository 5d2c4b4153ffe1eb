"""What hostile and broken servers answer with (F4, F5, F8), by name."""

from __future__ import annotations

import gzip
import zlib

import brotli

from tests.support.sites import Behaviour, drips, floods, hangs, resets, says

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"


def _zeros(window: int, size: int = 64 * 1024 * 1024) -> bytes:
    packer = zlib.compressobj(9, wbits=window)
    return b"".join([packer.compress(bytes(1024 * 1024)) for _ in range(size // 1024 // 1024)]) + packer.flush()


def coded(coding: bytes, body: bytes) -> bytes:
    """An answer with a coded body."""
    return OK + b"Content-Encoding: %s\r\nContent-Length: %d\r\n\r\n" % (coding, len(body)) + body


GZIPPED = gzip.compress(b"<p>whole</p>" * 1000)
DRIPS: dict[str, Behaviour] = {
    "status line": drips(b"HTTP/1.1 200", b"K"),
    "header field": drips(OK + b"X: ", b"a"),
    "header lines": drips(OK, b"X: y\r\n"),
    "body": drips(OK + b"\r\n", b"a"),
    "declared body": drips(OK + b"Content-Length: 1000000\r\n\r\n", b"a"),
    "chunks": drips(CHUNKED, b"1\r\na\r\n"),
    "chunk size": drips(CHUNKED, b"0"),
    "chunk extension": drips(CHUNKED + b"5;", b"x"),
    "trailers": drips(CHUNKED + b"0\r\n", b"X: y\r\n"),
    "interim answers": drips(b"", b"HTTP/1.1 100 Continue\r\n\r\n", every=0.2),
    "gzip body": drips(OK + b"Content-Encoding: gzip\r\n\r\n" + GZIPPED[:10], b"\0"),
    "body of an error": drips(b"HTTP/1.1 500 X\r\nContent-Length: 100\r\n\r\n", b"a"),
    "body of a redirect": drips(b"HTTP/1.1 302 X\r\nLocation: /\r\nContent-Length: 100\r\n\r\n", b"a"),
    "nothing at all": hangs(),
    "silence after the head": hangs(OK + b"\r\n"),
    "silence in a body": hangs(OK + b"Content-Length: 10\r\n\r\nabc"),
}
FLOODS: dict[str, Behaviour] = {
    "endless body": floods(OK + b"\r\n", b"a" * 65536),
    "endless chunks": floods(CHUNKED, b"10000\r\n" + b"a" * 65536 + b"\r\n"),
    "endless tiny chunks": floods(CHUNKED, b"1\r\na\r\n" * 1000),
    "endless header": floods(OK + b"X: ", b"a" * 65536),
    "endless header lines": floods(OK, b"X: y\r\n" * 1000),
    "endless status line": floods(b"HTTP/1.1 200 ", b"a" * 65536),
    "endless interim answers": floods(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 100),
    "endless trailers": floods(CHUNKED + b"0\r\n", b"X: y\r\n" * 1000),
    "endless chunk extension": floods(CHUNKED + b"5;", b"x" * 65536),
    "endless noise": floods(b"", b"\xde\xad\xbe\xef" * 1000),
    "endless empty gzip members": floods(OK + b"Content-Encoding: gzip\r\n\r\n", gzip.compress(b"") * 1000),
}
BROKEN: dict[str, Behaviour] = {
    "empty answer": says(),
    "half a head": says(OK),
    "garbage": says(b"SSH-2.0-OpenSSH_9.6\r\n\r\n"),
    "no http version": says(b"<html>0.9</html>"),
    "http/2 preface": says(b"\0\0\x12\x04\0\0\0\0\0\0\3\0\0\0d\0\4\0\x10\0\0\0\6\0\1\0\0"),
    "status with two digits": says(b"HTTP/1.1 20 OK\r\n\r\nx"),
    "status 999": says(b"HTTP/1.1 999 Denied\r\nContent-Length: 1\r\n\r\nx"),
    "status 600": says(b"HTTP/1.1 600 X\r\nContent-Length: 1\r\n\r\nx"),
    "switching protocols": says(b"HTTP/1.1 101 X\r\nUpgrade: x\r\n\r\n"),
    "shorter than declared": says(OK + b"Content-Length: 100\r\n\r\n<p>short</p>"),
    "longer than declared": says(OK + b"Content-Length: 5\r\n\r\n<p>long</p>"),
    "two lengths": says(OK + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef"),
    "length list": says(OK + b"Content-Length: 5, 6\r\n\r\nabcdef"),
    "negative length": says(OK + b"Content-Length: -1\r\n\r\nabc"),
    "length in words": says(OK + b"Content-Length: three\r\n\r\nabc"),
    "length with a plus": says(OK + b"Content-Length: +3\r\n\r\nabc"),
    "length beyond all numbers": says(OK + b"Content-Length: " + b"9" * 30 + b"\r\n\r\nabc"),
    "declared far too large": says(OK + b"Content-Length: 99999999999\r\n\r\nabc"),
    "bad chunk size": says(CHUNKED + b"zz\r\nabc\r\n0\r\n\r\n"),
    "negative chunk size": says(CHUNKED + b"-3\r\nabc\r\n0\r\n\r\n"),
    "huge chunk size": says(CHUNKED + b"F" * 20 + b"\r\nabc\r\n0\r\n\r\n"),
    "chunk without its end": says(CHUNKED + b"3\r\nabcdef\r\n0\r\n\r\n"),
    "no last chunk": says(CHUNKED + b"3\r\nabc\r\n"),
    "cut in a chunk": says(CHUNKED + b"10\r\nabc"),
    "unknown transfer coding": says(OK + b"Transfer-Encoding: gzip\r\n\r\nabc"),
    "two transfer codings": says(OK + b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n"),
    "reset at once": resets(),
    "reset in the head": resets(OK),
    "reset in the body": resets(OK + b"Content-Length: 100\r\n\r\nabc"),
    "space before the colon": says(OK + b"X : y\r\n\r\nabc"),
    "header without a colon": says(OK + b"nonsense\r\n\r\nabc"),
    "zero byte in a header": says(OK + b"X: a\0b\r\n\r\nabc"),
    "a hundred and one lines": says(OK + b"X: y\r\n" * 100 + b"\r\nabc"),
    "large header": says(OK + b"".join(b"X%d: %s\r\n" % (i, b"y" * 1000) for i in range(70)) + b"\r\nabc"),
    "nested codings": says(coded(b"gzip, gzip", gzip.compress(GZIPPED))),
    "nested codings in two fields": says(coded(b"br\r\nContent-Encoding: gzip", GZIPPED)),
    "unknown coding": says(coded(b"zstd", b"\x28\xb5\x2f\xfd")),
    "not gzip": says(coded(b"gzip", b"<p>plain</p>")),
    "not brotli": says(coded(b"br", b"<p>plain</p>")),
    "not deflate": says(coded(b"deflate", b"<p>plain</p>")),
    "cut gzip": says(coded(b"gzip", GZIPPED[:-9])),
    "cut brotli": says(coded(b"br", brotli.compress(b"<p>whole</p>" * 1000)[:-3])),
    "gzip with a bad checksum": says(coded(b"gzip", GZIPPED[:-8] + b"\0" * 8)),
    "redirect to nowhere": says(b"HTTP/1.1 302 X\r\nContent-Length: 0\r\n\r\n"),
    "redirect to itself": says(b"HTTP/1.1 302 X\r\nLocation: /\r\nContent-Length: 0\r\n\r\n"),
    "redirect to noise": says(b"HTTP/1.1 302 X\r\nLocation: http://[\r\nContent-Length: 0\r\n\r\n"),
    "redirect to bad bytes": says(b"HTTP/1.1 302 X\r\nLocation: http://\xff\xfe/\r\nContent-Length: 0\r\n\r\n"),
    "redirect to a local name": says(b"HTTP/1.1 302 X\r\nLocation: http://localhost/\r\nContent-Length: 0\r\n\r\n"),
}
BOMBS = {
    "gzip": lambda: _zeros(31),
    "deflate": lambda: _zeros(15),
    "br": lambda: brotli.compress(bytes(64 * 1024 * 1024), quality=3),
}
