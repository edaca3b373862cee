"""Pilots: stored, listed and got."""
