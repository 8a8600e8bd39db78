"""The pages that bring rooms together."""
