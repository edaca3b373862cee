"""From where applicants may come, read from a text."""
