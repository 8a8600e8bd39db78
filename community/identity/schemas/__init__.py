"""The shapes of identity's forms and API bodies."""
