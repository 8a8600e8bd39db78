"""Reading of deliberation, split by business word."""
