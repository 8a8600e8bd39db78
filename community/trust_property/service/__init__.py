"""Commands of the fund, split by business word."""
