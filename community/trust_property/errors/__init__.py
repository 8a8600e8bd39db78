"""Why the fund refuses, split by business word."""
