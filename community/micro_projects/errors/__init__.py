"""Why an act upon a project is refused, split by business word."""
