"""Checking in and out by codes: the hot path, by fixed statements."""

from community.volunteering.service.scanning.attempts import (
    check_in,
    check_in_here,
    check_out,
    check_out_here,
    tick_in,
    tick_out,
)

__all__ = ["check_in", "check_in_here", "check_out", "check_out_here", "tick_in", "tick_out"]
