"""Tests of people, homes, roles, sign-in and help for others."""
