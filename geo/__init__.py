"""Where things are, and when vehicles run: every file format ends in this package."""
