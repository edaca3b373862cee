"""Pilots: the projects that look for money, and what they say of themselves."""
