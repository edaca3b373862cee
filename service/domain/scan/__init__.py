"""Scans of a subject: what can be applied for, how much there is, and when."""
