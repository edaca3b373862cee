"""Webhooks of pilots, and what was sent to them."""
