"""Commands of rewards, split by business word."""
