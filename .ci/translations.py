"""Compile translation catalogues (.po to .mo), refusing one whose placeholders do not match."""

import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


def compile_catalogue(source: Path) -> list[str]:
    """Write the .mo beside one .po; return its mistakes in words, in which case nothing is."""
    with source.open("rb") as opened:
        catalogue = read_po(opened)
    problems = [
        f"{source}:{message.lineno}: {error}"
        for message, errors in catalogue.check()
        for error in errors
    ]
    if not problems:
        with source.with_suffix(".mo").open("wb") as target:
            write_mo(target, catalogue)
    return problems


def main() -> None:
    """Compile each file named on the command line."""
    problems = [line for name in sys.argv[1:] for line in compile_catalogue(Path(name))]
    if problems:
        sys.exit("\n".join(problems))


if __name__ == "__main__":
    main()
