"""The shapes of volunteering's forms and API bodies, split by business word."""
