"""Registers of awards, a file each, found by walking this folder; and what they share."""
