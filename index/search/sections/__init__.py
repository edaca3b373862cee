"""Sections of a query: the project, and what stands around it in mails and forms."""
