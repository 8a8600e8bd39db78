"""Fetch the vendored front-end files named in a vendor.toml, and refuse any that differ."""

import argparse
import hashlib
import re
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from pathlib import Path
from typing import Any

SHAPE = re.compile(r"<svg[^>]*>(?P<shape>.*)</svg>", re.DOTALL)
OPEN_SPRITE = '<svg xmlns="http://www.w3.org/2000/svg">\n'
OPEN_SYMBOL = (
    '<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor"'
    ' stroke-width="2" stroke-linecap="round" stroke-linejoin="round">{shape}</symbol>\n'
)


def fetch_package(name: str, version: str, folder: Path) -> dict[str, bytes]:
    """Pack one npm package into `folder` and return its files by their path inside it."""
    done = subprocess.run(
        ["npm", "pack", f"{name}@{version}", "--silent", "--pack-destination", str(folder)],
        check=True,
        capture_output=True,
        text=True,
    )
    with tarfile.open(folder / done.stdout.split()[-1]) as archive:
        files = [member for member in archive.getmembers() if member.isfile()]
        return {
            member.name.partition("/")[2]: content.read()
            for member in files
            if (content := archive.extractfile(member)) is not None
        }


def draw_sprite(files: dict[str, bytes], folder: str, icons: list[str]) -> bytes:
    """Join single icons into one SVG of symbols, each named after its icon."""
    symbols = []
    for name in icons:
        found = SHAPE.search(files[f"{folder}/{name}.svg"].decode())
        if found is None:
            sys.exit(f"vendor: icon {name} is not an svg element we can read")
        shape = re.sub(r"\s*\n\s*", "", found["shape"]).replace(" />", "/>")
        symbols.append(OPEN_SYMBOL.format(name=name, shape=shape))
    return (OPEN_SPRITE + "".join(symbols) + "</svg>\n").encode()


def make_files(package: dict[str, Any], folder: Path) -> list[tuple[str, bytes, str]]:
    """Return (target name, content, recorded sum) for each file wanted of one package."""
    files = fetch_package(package["name"], package["version"], folder)
    made = [(one["to"], files[one["from"]], one["sha256"]) for one in package.get("file", [])]
    if sprite := package.get("sprite"):
        drawn = draw_sprite(files, sprite["from"], sprite["icons"])
        made.append((sprite["to"], drawn, sprite["sha256"]))
    return made


def record_sum(text: str, target: str, digest: str) -> str:
    """Return the manifest's text with the sum of `target` replaced."""
    pattern = rf'(to = "{re.escape(target)}"\nsha256 = ")[^"]*(")'
    return re.sub(pattern, rf"\g<1>{digest}\g<2>", text)


def vendor(manifest: Path, *, is_accepting: bool) -> None:
    """Fetch everything one manifest names; write nothing of a package whose sum differs."""
    text = manifest.read_text(encoding="utf-8")
    for package in tomllib.loads(text)["package"]:
        print(f"vendor: {package['name']} {package['version']} -> {manifest.parent}")
        with tempfile.TemporaryDirectory() as folder:
            made = make_files(package, Path(folder))
        for target, content, recorded in made:
            digest = hashlib.sha256(content).hexdigest()
            if digest != recorded and not is_accepting:
                sys.exit(
                    f"vendor: {target} has sum {digest}, {manifest} says {recorded or 'nothing'}.\n"
                    "Look at what changed; if it is meant, repeat with --accept."
                )
            text = record_sum(text, target, digest)
        for target, content, _ in made:
            (manifest.parent / target).write_bytes(content)
    manifest.write_text(text, encoding="utf-8")


def main() -> None:
    """Read the command line and vendor each manifest named on it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accept", action="store_true", help="record the sums of what came")
    parser.add_argument("manifests", nargs="+", type=Path)
    asked = parser.parse_args()
    for manifest in asked.manifests:
        vendor(manifest, is_accepting=asked.accept)


if __name__ == "__main__":
    main()
