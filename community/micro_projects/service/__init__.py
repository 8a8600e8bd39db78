"""Commands upon projects, split by business word."""
