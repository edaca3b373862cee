"""Calls: a list, one call, its history, and the pilots that fit it."""
