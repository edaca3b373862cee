"""Pilots: store one, list them, get one."""
