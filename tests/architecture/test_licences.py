"""Nothing under GPL or AGPL ships: neither a package of the runtime lock nor a vendored file."""

import re
import tomllib
from email.message import Message
from importlib.metadata import metadata

import pytest

from tests.architecture.house import ROOT

pytestmark = pytest.mark.once

PINNED = re.compile(r"^([a-z0-9.-]+)==", re.MULTILINE)
COPYLEFT = re.compile(r"\bA?GPL|Affero|(?<!Lesser )General Public License", re.IGNORECASE)


def list_alternatives(found: Message) -> list[str]:
    """Return the licences a package may be taken under, one of which we choose."""
    if expression := found.get("License-Expression"):
        return str(expression).split(" OR ")
    classifiers = [
        one.rpartition(" :: ")[2]
        for one in found.get_all("Classifier", [])
        if one.startswith("License ::")
    ]
    return classifiers or [text for text in [found.get("License")] if text]


def may_ship(alternatives: list[str]) -> bool:
    """Tell whether one alternative binds our own code to no copyleft; unknown does not ship."""
    return any(not COPYLEFT.search(one) for one in alternatives)


def list_packages() -> list[str]:
    """Name the packages of the runtime lock."""
    return PINNED.findall((ROOT / "requirements.lock").read_text(encoding="utf-8"))


def test_there_are_packages() -> None:
    assert {"flask", "sqlalchemy", "weasyprint"} <= set(list_packages())


@pytest.mark.parametrize("name", list_packages())
def test_package_may_ship(name: str) -> None:
    # The stub says PackageMetadata, the object is the e-mail message it was read from.
    found = metadata(name)
    assert isinstance(found, Message)
    alternatives = list_alternatives(found)
    assert may_ship(alternatives), f"{name}: {alternatives or 'names no licence'}"


def test_vendored_files_may_ship() -> None:
    manifest = tomllib.loads((ROOT / "static/vendor/vendor.toml").read_text(encoding="utf-8"))
    refused = [one["name"] for one in manifest["package"] if not may_ship([one["licence"]])]
    assert not refused


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("License-Expression: GPL-3.0-or-later", False),
        ("License-Expression: AGPL-3.0-only", False),
        ("License-Expression: LGPL-3.0-only", True),
        ("License-Expression: MIT AND GPL-2.0-only", False),
        ("License-Expression: GPL-2.0-only OR MIT", True),
        ("Classifier: License :: OSI Approved :: GNU Affero General Public License v3", False),
        (
            "Classifier: License :: OSI Approved :: GNU Lesser General Public License v2 or later",
            True,
        ),
        ("License: GNU General Public License", False),
        ("License: MIT", True),
        ("Name: without-licence", False),
    ],
)
def test_licence_is_judged(text: str, expected: bool) -> None:
    message = Message()
    name, _, value = text.partition(": ")
    message[name] = value
    assert may_ship(list_alternatives(message)) is expected
