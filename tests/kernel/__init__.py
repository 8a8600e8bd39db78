"""Tests of community/kernel."""
