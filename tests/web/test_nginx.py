"""Behind a real nginx, and from files under one: the sample configurations do what they say."""

from __future__ import annotations

import gzip
import http.client
from pathlib import Path

import pytest

from feedsvc.web import create_app
from tests.support.running import free_port, nginx, served
from tests.support.serving import Serving

EXAMPLES = Path(__file__).parents[2] / "deploy" / "nginx"

pytestmark = pytest.mark.system("nginx")


def get(url: str, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=60)
    connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, {name.title(): value for name, value in answer.getheaders()}, body


@pytest.mark.parametrize("target", ["", "/"], ids=["path handed on", "path stripped"])
def test_below_a_path_of_nginx(service: Serving, tmp_path: Path, target: str) -> None:
    port = free_port()
    service.configure(server={"base_url": f"http://127.0.0.1:{port}/news/"})
    service.feeds.poll()
    with served(create_app(service)) as behind:
        block = (EXAMPLES / "proxy.conf").read_text(encoding="utf-8")
        block = block.replace("listen 127.0.0.1:8082;", f"listen 127.0.0.1:{port};")
        block = block.replace("proxy_pass http://127.0.0.1:8080;", f"proxy_pass {behind}{target};")
        with nginx(block, tmp_path / "nginx", port=port) as front:
            status, headers, body = get(front, "/news/feeds/company/releases.atom", Accept_Encoding="gzip")
            assert status == 200
            assert f"{front}/news/feeds/company/releases.atom".encode() in gzip.decompress(body)
            assert not headers["Etag"].startswith("W/")
            again = get(
                front, "/news/feeds/company/releases.atom", Accept_Encoding="gzip", If_None_Match=headers["Etag"]
            )
            assert (again[0], again[2]) == (304, b"")
            for path in ("/news/", "/news/feeds/company", "/news/static/feedsvc.css", "/news/opml"):
                assert get(front, path)[0] == 200
            person = get(front, "/news/feeds/all.rss", Sec_Fetch_Dest="document", Sec_Fetch_Mode="navigate")
            assert (person[0], person[1]["Location"]) == (303, f"{front}/news/feeds/all")


def test_files_under_nginx_are_what_the_service_serves(service: Serving, tmp_path: Path) -> None:
    folder, port = tmp_path / "files", free_port()
    service.feeds.write_files(folder)
    block = (EXAMPLES / "files.conf").read_text(encoding="utf-8")
    block = block.replace("127.0.0.1:8081", f"127.0.0.1:{port}").replace("/srv/feeds;", f"{folder};")
    with served(create_app(service)) as live, nginx(block, tmp_path / "nginx", port=port) as static:
        for path in (
            "/feeds/all.rss",
            "/feeds/company/releases.atom",
            "/feeds/%E8%BF%9B%E5%8D%9A.json",
            "/sources/acme.rss",
            "/opml",
        ):
            one, other = get(live, path), get(static, path)
            assert other[0] == 200
            assert other[2] == one[2]
            for name in ("Content-Type", "Last-Modified", "X-Content-Type-Options", "Access-Control-Allow-Origin"):
                assert other[1][name] == one[1][name], name
        zipped = get(static, "/feeds/all.rss", Accept_Encoding="gzip")
        assert zipped[1]["Content-Encoding"] == "gzip"
        assert get(static, "/feeds/all.rss", Accept_Encoding="gzip", If_None_Match=zipped[1]["Etag"])[0] == 304
        for path in ("/.feedsvc-files.json", "/feeds/all.rss.gz", "/"):
            assert get(static, path)[0] == 404
