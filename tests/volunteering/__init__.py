"""Volunteering: sign-up, check-in, hours."""
