"""Where the house's files are, for the tests that read them all."""

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]


@cache
def list_files() -> tuple[Path, ...]:
    """Name every file that git keeps, or would keep: never an environment or a cache."""
    done = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    )
    named = [ROOT / name for name in sorted(done.stdout.split("\0")) if name]
    return tuple(path for path in named if path.is_file())


def list_code(*folders: str) -> list[Path]:
    """Name the Python files under some top-level folders, the whole repository without any."""
    return [
        path
        for path in list_files()
        if path.suffix == ".py" and (not folders or path.relative_to(ROOT).parts[0] in folders)
    ]


def name_file(path: Path) -> str:
    """Return a file's name as a reader would look for it."""
    return str(path.relative_to(ROOT))
