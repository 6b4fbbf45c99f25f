"""Measures us and our peers on the same work in the same run: ``python -m benchmarks``."""
