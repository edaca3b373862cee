"""Calls that stand beside the matches: those that filters hide, and those of any subject."""
