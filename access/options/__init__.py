"""The answers to a gap: one file per kind of intervention."""
