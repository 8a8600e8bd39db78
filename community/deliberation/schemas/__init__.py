"""The shapes of what enters deliberation, split by business word."""
