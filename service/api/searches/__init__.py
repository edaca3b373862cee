"""Searches: made, listed, got with their matches, changed, deleted."""
