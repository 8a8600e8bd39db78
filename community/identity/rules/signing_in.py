"""How often one may try, how long codes and sessions last, and a device in a few words."""

from __future__ import annotations

from datetime import timedelta

CODE_DIGITS = 6
CODE_LASTS = timedelta(minutes=5)
CODE_TRIES = 5
SLIP_LENGTH = 10
SLIP_LASTS = timedelta(hours=24)
LETTER_LENGTH = 12
CHOICE_LASTS = timedelta(minutes=15)

SESSION_LASTS = timedelta(days=60)
# A session's row is touched at most this often: "last seen" stays coarse and reading stays reading.
SEEN_EVERY = timedelta(hours=12)

WINDOW = timedelta(minutes=15)
WRONG_PER_ACCOUNT = 5
# A whole building may sit behind one address.
WRONG_PER_ADDRESS = 40
BETWEEN_CODES = timedelta(seconds=60)
CODES_PER_HOUR = 5
CODES_PER_ADDRESS_AND_HOUR = 30

SHORTEST_PASSWORD = 8
LONGEST_PASSWORD = 128
# Each sign-in by password checks exactly this many hashes, whoever has the number.
PASSWORDS_PER_NUMBER = 4

# Too common to stand even for a minute; beyond these, length decides.
COMMON_PASSWORDS = frozenset(
    {
        "12345678", "123456789", "1234567890", "87654321", "11111111", "00000000", "88888888",
        "66666666", "password", "password1", "qwertyui", "1qaz2wsx", "abcd1234", "a1234567",
        "woaini1314", "5201314520", "iloveyou", "zaq12wsx", "asdfghjk", "147258369",
    }
)  # fmt: skip


def is_weak(password: str) -> bool:
    """Tell whether a password is among the first that anybody would try."""
    plain = password.lower()
    return plain in COMMON_PASSWORDS or len(set(plain)) < 3


def is_throttled(wrong_for_account: int, wrong_from_address: int) -> bool:
    """Tell whether so many wrong tries in the window mean waiting."""
    return wrong_for_account >= WRONG_PER_ACCOUNT or wrong_from_address >= WRONG_PER_ADDRESS


_APPS = (
    ("MicroMessenger", "微信"),
    ("AlipayClient", "支付宝"),
    ("HuaweiBrowser", "华为浏览器"),
    ("MiuiBrowser", "小米浏览器"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_MACHINES = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("HarmonyOS", "鸿蒙手机"),
    ("Android", "安卓手机"),
    ("Windows", "Windows 电脑"),
    ("Macintosh", "苹果电脑"),
    ("Linux", "Linux 电脑"),
)


def device_words(user_agent: str) -> str:
    """Tell a device in a few words, as `微信 · iPhone`; empty when it does not say."""
    app = next((name for mark, name in _APPS if mark in user_agent), "")
    machine = next((name for mark, name in _MACHINES if mark in user_agent), "")
    return " · ".join(part for part in (app, machine) if part)
