"""Each speed the design promises, measured beside its floor in one run; `python -m benchmarks`."""
