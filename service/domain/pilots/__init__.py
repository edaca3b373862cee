"""Pilots: the projects that look for funding, and their profiles."""
