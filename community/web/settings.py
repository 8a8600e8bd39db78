"""The settings, read from the environment once; docs/operation.md has the same table."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

DEVELOPMENT_SECRET = "development-only"  # noqa: S105  refused by `serve`
SECRET_FILE = "secret_key"  # noqa: S105  a file's name
LEAST_SECRET_LENGTH = 32


class SettingWrong(Exception):
    """A setting that cannot be used; the message names it and says what to do."""


def read_settings(root: Path) -> dict[str, Any]:
    """Read every setting; `root` is the folder of the program.

    Raises: SettingWrong.
    """
    instance = Path(os.environ.get("COMMUNITY_INSTANCE", root / "instance")).resolve()
    is_production = _flag("COMMUNITY_PRODUCTION")
    translations = (root / "community").glob("*/translations")
    return {
        "INSTANCE": instance,
        "DATABASE_URL": _database(instance),
        "USE_FILE_LOCK": True,
        "SECRET_KEY": _secret_key(instance),
        "IS_PRODUCTION": is_production,
        "IS_TLS": _flag("COMMUNITY_TLS"),
        "TRUSTED_HOSTS": _words("COMMUNITY_HOSTS") or None,
        # What the names of public logs begin with; a log keeps the name it was opened under.
        "LOG_NAME": _log_name(),
        # What the numbers of contracting processes begin with; old ones keep theirs.
        "OCID_PREFIX": _ocid_prefix(),
        "PROXIES": _whole("COMMUNITY_PROXIES", 0, most=5),
        # "console", an https address of a gateway, or empty: everything works without one.
        "SMS": os.environ.get("COMMUNITY_SMS", "" if is_production else "console"),
        "SMS_SECRET": os.environ.get("COMMUNITY_SMS_SECRET", ""),
        "METRICS_TOKEN": os.environ.get("COMMUNITY_METRICS_TOKEN", ""),
        "MAX_CONTENT_LENGTH": 20 << 20,
        "MAX_FORM_MEMORY_SIZE": 1 << 20,
        "WTF_CSRF_CHECK_DEFAULT": False,
        "WTF_CSRF_TIME_LIMIT": None,
        "BABEL_TRANSLATION_DIRECTORIES": ";".join(sorted(str(each) for each in translations)),
    }


def port_setting(usual: int) -> int:
    """Read the port to listen on.

    Raises: SettingWrong.
    """
    return _whole("PORT", usual, most=65_535)


def worker_setting() -> int:
    """Read how many worker processes to start: one per core unless told otherwise.

    Raises: SettingWrong.
    """
    return max(1, _whole("COMMUNITY_WORKERS", len(os.sched_getaffinity(0)), most=256))


def _secret_key(instance: Path) -> str:
    if given := os.environ.get("COMMUNITY_SECRET_KEY"):
        return given
    file = instance / SECRET_FILE
    return file.read_text().strip() if file.is_file() else DEVELOPMENT_SECRET


def _log_name() -> str:
    """Read the name before `/log/…` in the origin of public logs: the first host unless told."""
    value = os.environ.get("COMMUNITY_LOG_NAME") or [*_words("COMMUNITY_HOSTS"), "localhost"][0]
    if "+" in value or any(each.isspace() for each in value) or len(value) > 100:
        raise SettingWrong(f"COMMUNITY_LOG_NAME 不能有空格和加号，最多 100 字，现在是 {value!r}。")
    return value


def _ocid_prefix() -> str:
    """Read the publisher's registered prefix; the documentation's example unless told."""
    value = os.environ.get("COMMUNITY_OCID_PREFIX") or "ocds-213czf"
    if not re.fullmatch(r"ocds-[a-z0-9]{6}", value):
        raise SettingWrong(
            f"COMMUNITY_OCID_PREFIX 应是 ocds- 加六个小写字母或数字，现在是 {value!r}。"
        )
    return value


def _flag(name: str) -> bool:
    value = os.environ.get(name, "0")
    if value not in {"0", "1"}:
        raise SettingWrong(f"{name} 只能是 0 或 1，现在是 {value!r}。")
    return value == "1"


def _database(instance: Path) -> str:
    address = os.environ.get("COMMUNITY_DATABASE") or f"sqlite:///{instance}/community.db"
    if not re.match(r"(sqlite|postgresql)(\+\w+)?://", address):
        raise SettingWrong(
            "COMMUNITY_DATABASE 要以 sqlite:/// 或 postgresql+psycopg:// 开头，或者不填。"
        )
    return address


def _whole(name: str, usual: int, *, most: int) -> int:
    value = os.environ.get(name) or str(usual)
    if not value.isascii() or not value.isdecimal() or int(value) > most:
        raise SettingWrong(f"{name} 要填 0 到 {most} 的整数，现在是 {value!r}。")
    return int(value)


def _words(name: str) -> list[str]:
    return [each.strip() for each in os.environ.get(name, "").split(",") if each.strip()]
