"""Reading the fund, split by business word."""
