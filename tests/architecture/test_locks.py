"""What we take from others is pinned by its sum, and nothing names a machine or a registry."""

import hashlib
import re
import tomllib
from pathlib import Path

import pytest

from tests.architecture import house

pytestmark = pytest.mark.once

LOCKS = [path for path in house.list_files() if path.suffix == ".lock"]
MANIFESTS = [path for path in house.list_files() if path.name == "vendor.toml"]
# Locks of these kinds record the address of a registry.
FORBIDDEN_NAMES = {"uv.lock", "pylock.toml", "package-lock.json", "poetry.lock", ".npmrc"}
# A person's or an administrator's home folder: nothing of ours lives there.
MACHINE_PATHS = re.compile(r"(?<![\w.])/(?:root|home/\w+)/")
TEXT_SUFFIXES = {
    ".cfg", ".css", ".html", ".js", ".json", ".lock", ".md", ".po", ".py", ".sh", ".sql", ".svg",
    ".toml", ".txt", "",
}  # fmt: skip


def find_addresses(text: str) -> list[str]:
    return [line for line in text.splitlines() if "://" in line]


def find_unpinned(text: str) -> list[str]:
    """Return the packages of a lock that carry no hash."""
    entries = re.split(r"\n(?=\S)", re.sub(r"(?m)^\s*#.*\n?", "", text).strip())
    return [entry for entry in entries if "==" not in entry or "--hash=sha256:" not in entry]


def find_changed(manifest: dict[str, list[dict[str, object]]], folder: Path) -> list[str]:
    """Return the vendored files whose sum is not the recorded one."""
    wanted: list[object] = []
    for package in manifest["package"]:
        files = package.get("file", [])
        assert isinstance(files, list)
        wanted += [*files, *([package["sprite"]] if "sprite" in package else [])]
    changed = []
    for one in wanted:
        assert isinstance(one, dict)
        path = folder / one["to"]
        if not path.exists() or hashlib.sha256(path.read_bytes()).hexdigest() != one["sha256"]:
            changed.append(path.name)
    return changed


def test_there_are_locks_and_manifests() -> None:
    names = {house.name_file(path) for path in LOCKS + MANIFESTS}
    assert {"requirements.lock", "requirements-dev.lock", "static/vendor/vendor.toml"} <= names


@pytest.mark.parametrize("path", LOCKS, ids=house.name_file)
def test_lock_has_hashes_and_no_address(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not find_addresses(text)
    assert not find_unpinned(text)


def test_runtime_and_development_agree() -> None:
    pins = {
        name: set(re.findall(r"(?m)^\S+==\S+", (house.ROOT / name).read_text(encoding="utf-8")))
        for name in ("requirements.lock", "requirements-dev.lock")
    }
    assert pins["requirements.lock"] <= pins["requirements-dev.lock"]


def test_no_file_that_records_a_registry() -> None:
    assert not [path for path in house.list_files() if path.name in FORBIDDEN_NAMES]


def test_no_path_of_a_machine() -> None:
    named = [
        f"{house.name_file(path)}: {found.group()}"
        for path in house.list_files()
        if path.suffix in TEXT_SUFFIXES and "vendor" not in path.parts and path != Path(__file__)
        if (found := MACHINE_PATHS.search(path.read_text(encoding="utf-8")))
    ]
    assert not named


@pytest.mark.parametrize("path", MANIFESTS, ids=house.name_file)
def test_vendored_files_are_the_recorded_ones(path: Path) -> None:
    assert not find_changed(tomllib.loads(path.read_text(encoding="utf-8")), path.parent)


@pytest.mark.parametrize("path", MANIFESTS, ids=house.name_file)
def test_every_vendored_file_is_recorded(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    strange = [
        other.name
        for other in house.list_files()
        if other.parent == path.parent and other != path and f'to = "{other.name}"' not in text
    ]
    assert not strange


def test_address_in_a_lock_is_found() -> None:
    assert find_addresses("--index-url https" + "://example.org/simple\nflask==3\n")


def test_package_without_hash_is_found() -> None:
    text = "flask==3.1.3 \\\n    --hash=sha256:ab\n    # via x\njinja2==3.1\n"
    assert find_unpinned(text) == ["jinja2==3.1"]


def test_changed_file_is_found(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text("changed", encoding="utf-8")
    manifest: dict[str, list[dict[str, object]]] = {
        "package": [{"file": [{"to": "a.js", "sha256": hashlib.sha256(b"a").hexdigest()}]}]
    }
    assert find_changed(manifest, tmp_path) == ["a.js"]


def test_machine_path_is_found() -> None:
    assert MACHINE_PATHS.search("see /root/notes")
    assert MACHINE_PATHS.search("see /home/someone/notes")
    assert not MACHINE_PATHS.search("GET /homes/ and community/root/notes")
