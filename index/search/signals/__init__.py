"""Signals: how near a document is to a query, a file each."""
