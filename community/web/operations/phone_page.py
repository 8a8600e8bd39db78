"""A small plain-http page that helps a phone trust the office's own authority.

It runs as a process of its own, `python -m community.web.operations.phone_page`, serves one page
and one certificate, and sends everybody else to https.
"""

from __future__ import annotations

import html
import signal
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NoReturn

PAGE = """<!doctype html><html lang="zh-CN"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>让手机信任本社区网站</title>
<h1>让手机信任本社区网站</h1>
<p>只需做一次。装好后再打开 <a href="{site}">{site}</a>，不会再有警告。</p>
<ol>
<li><a href="/ca.crt">点这里下载证书</a>（在微信里打不开时，先选“在浏览器打开”）。</li>
<li>核对指纹，和办公室打印的一样才继续：<br><code>{fingerprint}</code></li>
<li>iPhone：设置 - 已下载描述文件 - 安装；
再到 设置 - 通用 - 关于本机 - 证书信任设置，打开开关。</li>
<li>安卓、鸿蒙：设置里搜索“CA 证书”，选择下载的文件安装。</li>
</ol>
<p>这个证书只对本楼的网络地址有效，不能用于别的网站。不想用时，可在同一处删除。</p></html>"""


class PhonePage(BaseHTTPRequestHandler):
    """Answers `/`, `/ca.crt`, and a redirect for all else."""

    certificate: bytes = b""
    fingerprint: str = ""
    port: int = 8443
    server_version = "community"
    sys_version = ""

    def do_GET(self) -> None:
        """Answer."""
        host = (self.headers.get("Host") or "").rsplit(":", 1)[0]
        site = f"https://{html.escape(host, quote=True)}:{self.port}/"
        if self.path in {"/ca.crt", "/tls/ca.crt"}:
            self._answer(200, "application/x-x509-ca-cert", self.certificate)
        elif self.path == "/":
            page = PAGE.format(site=site, fingerprint=html.escape(self.fingerprint))
            self._answer(200, "text/html; charset=utf-8", page.encode())
        else:
            self.send_response(302)
            self.send_header("Location", "/")
            self.send_header("Content-Length", "0")
            self.end_headers()

    def _answer(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Content-Security-Policy", "default-src 'none'")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *parts: object) -> None:  # noqa: A002  its own name
        """Log nothing: addresses of phones are nobody's business."""


def main(certificate: str, fingerprint: str, http_port: str, https_port: str) -> None:
    """Serve until told to stop."""

    def _stop(number: int, frame: object) -> NoReturn:
        sys.exit(0)

    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    PhonePage.certificate = Path(certificate).read_bytes()
    PhonePage.fingerprint, PhonePage.port = fingerprint, int(https_port)
    address = ("0.0.0.0", int(http_port))  # noqa: S104  phones in the building must reach it
    with ThreadingHTTPServer(address, PhonePage) as server:
        server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:5])
