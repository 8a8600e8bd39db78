"""Whole errands, through HTTP and through a real browser."""
