"""Conditions of a call: what it states, whether a pilot meets them, and what would."""
