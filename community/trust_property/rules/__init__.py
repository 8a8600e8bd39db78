"""Decisions of the fund on plain values, split by business word."""
