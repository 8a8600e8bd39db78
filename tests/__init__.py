"""Tests: rooms mirror the code, stories walk whole errands, architecture keeps the house rules."""
