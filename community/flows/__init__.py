"""The sentences by which rooms meet: when X, then Y; one file each, joined up by `app.py`."""
