"""What a real office's start asks for: secrets, certificates, no demo data, words for phones."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.kernel.tables import Community
from community.web.operations.certificates import (
    Certificates,
    local_certificates,
    local_names,
    own_certificates,
)
from community.web.operations.serving import CannotStart, Listening, check_port, say
from community.web.settings import (
    DEVELOPMENT_SECRET,
    LEAST_SECRET_LENGTH,
    SECRET_FILE,
    SettingWrong,
)

PORT = 8443
HTTP_PORT = "8080"
EVERYWHERE = "0.0.0.0"  # noqa: S104  phones in the building must reach it


def keep_secret(instance: Path) -> None:
    """Make the installation's secret once, readable by its owner only."""
    file = instance / SECRET_FILE
    if os.environ.get("COMMUNITY_SECRET_KEY") or file.exists():
        return
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as opened:
        opened.write(secrets.token_urlsafe(48))


def check_settings(config: Mapping[str, Any], *, has_debug: bool) -> None:
    """Refuse a setting that is for development only.

    Raises: SettingWrong.
    """
    given = os.environ.get("COMMUNITY_SECRET_KEY")
    if given is not None and (given == DEVELOPMENT_SECRET or len(given) < LEAST_SECRET_LENGTH):
        raise SettingWrong(
            f"COMMUNITY_SECRET_KEY 太短或是开发用的。请去掉这个设置（会自动生成），"
            f"或填至少 {LEAST_SECRET_LENGTH} 个随机字符。"
        )
    if has_debug:
        raise SettingWrong("正式运行不能打开调试模式。请去掉 FLASK_DEBUG 设置和 --debug。")
    file = Path(config["INSTANCE"]) / SECRET_FILE
    if file.exists() and file.stat().st_mode & 0o077:
        raise SettingWrong(f"密钥文件 {file} 别人也能读。请运行：chmod 600 {file}")
    way = os.environ.get("COMMUNITY_SMS", "")
    if way == "console":
        raise SettingWrong("正式运行不能把短信显示在屏幕上：请去掉 COMMUNITY_SMS，或填网关地址。")
    if way and not config["SMS_SECRET"]:
        raise SettingWrong("设置了 COMMUNITY_SMS，还要设置 COMMUNITY_SMS_SECRET（签名密钥）。")


def check_no_demo(session: Session) -> None:
    """Refuse a database that holds invented people.

    Raises: CannotStart.
    """
    demo = session.scalar(select(Community.name).where(Community.is_demo.is_(True)).limit(1))
    if demo is not None:
        raise CannotStart(
            f"数据库里有演示社区“{demo}”，不能正式运行。"
            "请用 COMMUNITY_INSTANCE 指定一个新的空文件夹，或删除演示数据文件夹后重试。"
        )


def certificates(instance: Path) -> Certificates:
    """Take the office's certificate from the settings, or make a local authority's.

    Raises: SettingWrong.
    """
    certificate, key = os.environ.get("COMMUNITY_TLS_CERT"), os.environ.get("COMMUNITY_TLS_KEY")
    if bool(certificate) != bool(key):
        raise SettingWrong("COMMUNITY_TLS_CERT 和 COMMUNITY_TLS_KEY 要一起设置。")
    if certificate and key:
        try:
            return own_certificates(Path(certificate), Path(key))
        except (OSError, ValueError) as error:
            raise SettingWrong(f"证书或密钥不能用：{error}") from error
    extra = [each.strip() for each in os.environ.get("COMMUNITY_HOSTS", "").split(",")]
    names = tuple(dict.fromkeys([*local_names(), *(each for each in extra if each)]))
    return local_certificates(instance / "tls", names)


def environment(found: Certificates) -> dict[str, str]:
    """Tell the server processes that this is production, over TLS, under these names only."""
    hosts = os.environ.get("COMMUNITY_HOSTS") or ",".join((*found.names, "127.0.0.1"))
    return {
        "COMMUNITY_PRODUCTION": "1",
        "COMMUNITY_TLS": "1",
        "COMMUNITY_HOSTS": f"{hosts},127.0.0.1",
    }


@contextmanager
def phone_page(found: Certificates, https_port: int) -> Iterator[None]:
    """Run the page on which phones fetch the local authority; COMMUNITY_HTTP_PORT=0 leaves it out.

    Raises: CannotStart, SettingWrong.
    """
    port = os.environ.get("COMMUNITY_HTTP_PORT", HTTP_PORT)
    if found.authority is None or port == "0":
        yield
        return
    if not port.isdecimal():
        raise SettingWrong("COMMUNITY_HTTP_PORT 要填端口号；0 表示不开这个页面。")
    check_port(EVERYWHERE, int(port), "COMMUNITY_HTTP_PORT")
    module = "community.web.operations.phone_page"
    program = [sys.executable, "-m", module, str(found.authority), found.fingerprint]
    helper = subprocess.Popen([*program, port, str(https_port)])  # noqa: S603  our own module
    try:
        yield
    finally:
        helper.terminate()
        helper.wait(5)


def tell_ready(listening: Listening, found: Certificates, token: str) -> None:
    """Say where the site is and, with a local authority, how phones come to trust it."""
    reachable = [each for each in found.names if each not in {"localhost", "127.0.0.1"}]
    say()
    say("已就绪。本楼网络里的手机和电脑可以打开：")
    for each in reachable or ["127.0.0.1"]:
        say(f"    https://{each}:{listening.port}/")
    if token:
        say()
        say("这是全新的系统：用电脑打开上面任一网址，会有向导一步步建立第一个社区。")
        say(f"向导口令：{token}（只有看得到这个屏幕的人能建立社区）")
    if found.authority is not None:
        port = os.environ.get("COMMUNITY_HTTP_PORT", HTTP_PORT)
        say()
        say("手机第一次使用前，需要信任本系统的证书（可打印张贴）：")
        if port != "0":
            address = f"http://{(reachable or ['127.0.0.1'])[-1]}:{port}/"
            say(f"  1. 用手机打开 {address} ，按页面提示下载安装。")
        say(f"  2. 安装前核对指纹（SHA-256）：{found.fingerprint}")
        say("  3. iPhone 还要在 设置 - 通用 - 关于本机 - 证书信任设置 里打开开关。")
        say(f"  证书文件：{found.authority}；私钥只在本机，请一并备份。")
    say()
