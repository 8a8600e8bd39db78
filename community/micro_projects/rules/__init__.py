"""Pure decisions of micro-projects, split by business word."""
