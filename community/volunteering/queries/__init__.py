"""Reading volunteering: plain frozen values, split by business word."""
