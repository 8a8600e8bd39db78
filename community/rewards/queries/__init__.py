"""Reading rewards: frozen values for pages, API and commands, split by business word."""
