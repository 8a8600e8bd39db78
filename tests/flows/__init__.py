"""Tests of the sentences by which rooms meet."""
