"""Why deliberation refuses, split by business word."""
