"""The fund: its rules, commands and pages."""
