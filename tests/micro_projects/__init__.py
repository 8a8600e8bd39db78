"""Tests of the room of micro-projects."""
