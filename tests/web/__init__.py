"""Tests of community/web."""
