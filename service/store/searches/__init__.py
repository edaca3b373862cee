"""Searches with an address of their own, in the database."""
