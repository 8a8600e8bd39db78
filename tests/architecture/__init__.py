"""The house rules, held by tools instead of taste."""
