"""Scans of a focus area or any subject, and the focus areas that staff make."""
