"""Calls as they are kept: ids, rounds, history, sources, copies and duplicates."""
