"""Run as a program by test_hostile: fetches a bomb of 256 MiB in each coding, prints the growth of the peak in MiB."""

from __future__ import annotations

import json
import resource
import sys
import zlib
from pathlib import Path

import brotli

sys.path.insert(0, str(Path(__file__).parents[2]))

from feedsvc.errors import Refused
from feedsvc.fetch import Client, FetchSettings
from tests.support.sites import Reply, Site


def peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def packed(window: int) -> bytes:
    packer = zlib.compressobj(9, wbits=window)
    return b"".join(packer.compress(bytes(1 << 20)) for _ in range(256)) + packer.flush()


def brotli_packed() -> bytes:
    packer = brotli.Compressor(quality=1)
    return b"".join(packer.process(bytes(1 << 20)) for _ in range(256)) + packer.finish()


def main() -> None:
    grown = {}
    with Site() as site, Client(FetchSettings(host_interval=0, allow_targets=(site.pair,))) as client:
        site["/warm"] = Reply()
        client.fetch(f"{site.url}/warm")
        for coding, body in (("gzip", packed(31)), ("deflate", packed(15)), ("br", brotli_packed())):
            fields = (("Content-Type", "text/html"), ("Content-Encoding", coding))
            site["/"] = Reply(body, headers=fields)
            before = peak()
            try:
                client.fetch(site.url)
            except Refused:
                grown[coding] = peak() - before
    print(json.dumps(grown))


main()
