"""Run the benchmarks named on the command line, or all; the exit code tells a promise missed."""

from __future__ import annotations

import sys

from benchmarks import (
    bank_import,
    billing,
    casting,
    check_in,
    log_per_post,
    log_tree,
    open_data,
    opinions,
    past_readings,
    post_at_once,
    post_in_arrays,
    post_in_bulk,
    post_one_by_one,
    public_accounts,
    sealing_bids,
    tallies,
    verify_pack,
)
from benchmarks.harness import Benchmark, keep, show

ALL: dict[str, Benchmark] = {
    "log_per_post": log_per_post.run,
    "log_seal": log_tree.run_seal,
    "log_proof": log_tree.run_proof,
    "post_one_by_one": post_one_by_one.run,
    "post_at_once": post_at_once.run,
    "post_in_arrays": post_in_arrays.run,
    "post_in_bulk": post_in_bulk.run,
    "past_readings": past_readings.run,
    "check_in": check_in.run,
    "casting": casting.run,
    "seal_bid": sealing_bids.run_sealing,
    "open_bids": sealing_bids.run_opening,
    "bank_import": bank_import.run,
    "verify_pack": verify_pack.run,
    "billing": billing.run,
    "public_accounts": public_accounts.run,
    "tallies": tallies.run,
    "opinions": opinions.run,
    "project_search": open_data.run_search,
    "open_data_records": open_data.run_records,
}


def main(names: list[str]) -> int:
    """Run, print, keep."""
    missed = 0
    for name in names or ALL:
        rows = ALL[name]()
        keep(name, rows)
        show(name, rows)
        missed += sum(not row.is_kept for row in rows)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
