"""Mails that came back."""
