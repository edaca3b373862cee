"""Asking funders: polite, bounded, identified, and what they answer."""
