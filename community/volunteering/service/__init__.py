"""The commands of volunteering, split by business word."""
