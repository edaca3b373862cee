"""Calls and awards from files: rows of others, and files of calls."""
