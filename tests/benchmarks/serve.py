"""CPU a request of feedsvc under granian, beside nginx serving the same bytes as a file, measured in one run.

    python tests/benchmarks/serve.py [--requests 4000] [--runs 5] [--markdown]

One granian worker, a hot feed of 100 entries (about 500 kB), delivery facts on. The runs of both servers alternate, so
a busy machine disturbs both alike; the median of the runs counts. CPU is what the kernel charged to the server, user
and system, not the time that passed. The ratio is nginx's CPU divided by ours: 1 would be as fast as nginx.
"""

from __future__ import annotations

import argparse
import itertools
import socket
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from tests.support.running import free_port, nginx  # noqa: E402
from tests.support.serving import serving  # noqa: E402
from tests.support.stores import release  # noqa: E402
from tests.support.worker import worker  # noqa: E402

FEED = "/feeds/company/releases.atom"
#: name -> request headers, where {etag} is the tag of a first answer to them.
CASES = {
    "304": {"Accept-Encoding": "gzip", "If-None-Match": "{etag}"},
    "gzip": {"Accept-Encoding": "gzip"},
    "identity": {},
}
MUST = {"304": 0.40, "gzip": 0.33, "identity": 0.45}
GOAL = {"304": 0.45, "gzip": 0.38, "identity": 0.55}


@dataclass(frozen=True)
class Pattern:
    """How readers ask."""

    readers: int
    #: Seconds between two rounds.
    pause: float = 0.0
    #: Whether they ask on one connection again and again.
    is_kept: bool = True


#: A crowd, one reader in a hurry, one that does something else in between, so that every thread falls asleep, and
#: readers that come anew each time.
PATTERNS = {
    "16 at a time": Pattern(16),
    "one by one": Pattern(1),
    "now and then": Pattern(1, pause=0.002),
    "connecting": Pattern(1, is_kept=False),
}
#: Rounds that are not counted.
WARM_UP = 20
WORDS = "release expo forum trade region results opening company growth market research statement visitors".split()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--requests", type=int, default=4000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--markdown", action="store_true", help="print a table for the README")
    parser.add_argument("--check", action="store_true", help="exit 1 where a ratio is below what it must be")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        ratios = measure(Path(name), requests=arguments.requests, runs=arguments.runs, is_markdown=arguments.markdown)
    if arguments.check and any(ratio < MUST[case] for (_, case), ratio in ratios.items()):
        sys.exit(1)


def measure(folder: Path, *, requests: int, runs: int, is_markdown: bool) -> dict[tuple[str, str], float]:
    folder.chmod(0o755)
    service = serving(folder, entries=0)
    service.publish(*[release(number, content=_text(number)) for number in range(1, 101)])
    files = folder / "files"
    service.feeds.write_files(files)
    service.feeds.close()
    service.store.close()
    size = (files / FEED[1:]).stat().st_size
    port = free_port()
    block = (ROOT / "deploy" / "nginx" / "files.conf").read_text(encoding="utf-8")
    block = block.replace("127.0.0.1:8081", f"127.0.0.1:{port}").replace("/srv/feeds;", f"{files};")
    block = block.replace("server {", "keepalive_requests 1000000;\nserver {", 1)
    with nginx(block, folder / "nginx", port=port), worker(folder) as (worker_port, process):
        other = int((folder / "nginx" / "pid").read_text())
        table = {}
        for pattern, case in itertools.product(PATTERNS, CASES):
            ours, theirs = [], []
            for _ in range(runs):
                theirs.append(_cost(port, [other], CASES[case], requests, PATTERNS[pattern]))
                ours.append(_cost(worker_port, family(process), CASES[case], requests, PATTERNS[pattern]))
            table[pattern, case] = statistics.median(theirs), statistics.median(ours)
    _print(table, size, is_markdown=is_markdown)
    return {key: theirs / ours for key, (theirs, ours) in table.items()}


def _print(table: dict[tuple[str, str], tuple[float, float]], size: int, *, is_markdown: bool) -> None:
    bar = "|" if is_markdown else " "
    print(f"Atom feed of 100 entries, {size // 1000} kB; microseconds of CPU a request")
    rows = [("asked", "answer", "nginx", "feedsvc", "ratio", "must", "goal")]
    rows += [
        (
            pattern,
            case,
            f"{theirs:.1f}",
            f"{ours:.1f}",
            f"{theirs / ours:.2f}",
            f"{MUST[case]:.2f}",
            f"{GOAL[case]:.2f}",
        )
        for (pattern, case), (theirs, ours) in table.items()
    ]
    if is_markdown:
        rows.insert(1, ("---",) * len(rows[0]))
    for row in rows:
        print(f"{bar} " + f" {bar} ".join(f"{cell:<12}" for cell in row) + f" {bar}")


def _text(number: int) -> str:
    """About 4 KB of prose that compresses as prose does."""
    picked = (WORDS[(number * 31 + at * at * 7 + at * 13) % len(WORDS)] for at in range(550))
    return "<p>" + " ".join(picked) + "</p>"


def family(pid: int) -> list[int]:
    """A process and its children, which do the work."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            found += family(int(child))
    return found


def _cost(port: int, processes: list[int], headers: dict[str, str], requests: int, pattern: Pattern) -> float:
    """Microseconds of CPU that the server spends on one request, with readers that ask so."""
    request, length = _learn(port, headers)
    rounds = requests // max(pattern.readers, 4)
    before = 0.0
    with ExitStack() as stack:
        kept = [stack.enter_context(_connected(port)) for _ in range(pattern.readers if pattern.is_kept else 0)]
        for at in range(-WARM_UP, rounds):
            if at == 0:
                before = sum(map(_cpu, processes))
            if pattern.pause:
                time.sleep(pattern.pause)
            with ExitStack() as fleeting:
                asked = kept or [fleeting.enter_context(_connected(port)) for _ in range(pattern.readers)]
                for connection in asked:
                    connection.sendall(request)
                for connection in asked:
                    _skip(connection, length)
    return (sum(map(_cpu, processes)) - before) / (rounds * pattern.readers) * 1e6


def _connected(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port))


def _learn(port: int, headers: dict[str, str]) -> tuple[bytes, int]:
    """The request with the tag that a first answer gave, and the bytes of its answer, head and body."""
    with _connected(port) as connection:
        bare = _request({name: value for name, value in headers.items() if "{" not in value})
        lines, _ = _ask(connection, bare)
        etag = next(line.split(b":", 1)[1].strip().decode() for line in lines if line.lower().startswith(b"etag:"))
        request = _request({name: value.format(etag=etag) for name, value in headers.items()})
        return request, _ask(connection, request)[1]


def _request(headers: dict[str, str]) -> bytes:
    lines = [f"GET {FEED} HTTP/1.1", "Host: feeds.example", "User-Agent: benchmark/1.0"]
    return "\r\n".join([*lines, *(f"{name}: {value}" for name, value in headers.items()), "", ""]).encode()


_BUFFER = memoryview(bytearray(1 << 20))


def _ask(connection: socket.socket, request: bytes) -> tuple[list[bytes], int]:
    """Send and read one whole answer: its header lines, and its length with them."""
    connection.sendall(request)
    data = b""
    while b"\r\n\r\n" not in data:
        data += connection.recv(65536)
    head, _, body = data.partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    size = next((int(line.split(b":")[1]) for line in lines if line.lower().startswith(b"content-length:")), 0)
    size = 0 if b" 304 " in lines[0] else size
    _skip(connection, size - len(body))
    return lines, len(head) + 4 + size


def _skip(connection: socket.socket, length: int) -> None:
    while length > 0:
        length -= connection.recv_into(_BUFFER, min(length, len(_BUFFER)))


def _cpu(process: int) -> float:
    """Seconds of CPU so far, to the nanosecond where the scheduler says so."""
    total = 0.0
    for task in Path(f"/proc/{process}/task").iterdir():
        total += int((task / "schedstat").read_text().split()[0]) / 1e9
    return total


if __name__ == "__main__":
    main()
