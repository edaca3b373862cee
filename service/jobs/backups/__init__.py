"""Backups: one archive with what cannot be made again, written, verified, and put back."""
