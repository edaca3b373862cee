"""Scans of a subject, and focus areas."""
