"""The cases of `benchmarks/cases.py`, by kind."""
