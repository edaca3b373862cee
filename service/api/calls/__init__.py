"""Calls: listed, whole, as they were, and the pilots that fit one."""
