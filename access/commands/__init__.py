"""The commands of ``python -m access``, one file each."""
