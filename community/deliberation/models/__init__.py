"""The tables of deliberation, split by business word."""
