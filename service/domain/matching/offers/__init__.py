"""Calls as offers that other programs search."""
