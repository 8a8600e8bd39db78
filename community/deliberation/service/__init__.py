"""The commands of deliberation, split by business word."""
