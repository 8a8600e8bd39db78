"""Why volunteering refuses, split by business word."""
