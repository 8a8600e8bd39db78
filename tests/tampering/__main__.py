"""Run the campaign: `python -m tests.tampering [SEED]`; the exit code tells a change missed."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.conftest import SqliteFile, World
from tests.tampering.campaign import LEFT_OUT, Campaign


def say(line: str) -> None:
    """Print a line at once, so that a long campaign shows where it is."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


ROWS, EACH, UNTOUCHED = 320, 40, 100


def main(seed: int) -> int:
    """Run every part and print what became of it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        campaign = Campaign(World(folder, SqliteFile(folder)), seed)
        campaign.change_rows(ROWS)
        for kind in ("tile", "checkpoint", "voucher", "report", "pack"):
            campaign.change_files(kind, EACH)
        campaign.change_containers(EACH)
        campaign.change_stored_files(EACH)
        campaign.rebuild_logs(EACH // 2)
        campaign.leave_alone(UNTOUCHED)
        campaign.world.database.close()
    changes = sum(campaign.done.values()) - campaign.done["untouched"]
    say(f"seed {seed}: {changes} changes, {campaign.done['untouched']} untouched packs")
    for kind, count in campaign.done.items():
        say(f"  {kind}: {count}")
    say("columns left out:")
    for column, reason in LEFT_OUT.items():
        say(f"  {column}: {reason}")
    for line in campaign.failures:
        say(f"FAILED {line}")
    say(f"{len(campaign.failures)} not noticed, not named, or false")
    return 1 if campaign.failures else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 7))
