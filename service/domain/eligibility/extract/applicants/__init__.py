"""Who may apply, read from a text."""
