"""Tests of community/ledger."""
