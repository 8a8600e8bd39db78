"""The shapes of forms and API bodies of the fund, split by business word."""
