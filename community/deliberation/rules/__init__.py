"""The pure decisions of deliberation, split by business word."""
