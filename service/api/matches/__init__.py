"""Matches: calls ranked for a text or a stored pilot, and one call explained."""
