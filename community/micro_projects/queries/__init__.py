"""Reading about projects, split by business word."""
