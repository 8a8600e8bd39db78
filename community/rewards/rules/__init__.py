"""Pure decisions of rewards, split by business word."""
