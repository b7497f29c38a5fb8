"""The benchmark harness: standard library only, Python 3.11."""
