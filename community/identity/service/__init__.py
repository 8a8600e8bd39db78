"""Commands on people, homes, roles, sign-in and help, split by business word."""
