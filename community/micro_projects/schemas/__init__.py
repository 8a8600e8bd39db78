"""The shapes of what is typed into the pages and the API, split by business word."""
