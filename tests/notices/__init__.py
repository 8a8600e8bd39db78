"""Tests of community/notices."""
