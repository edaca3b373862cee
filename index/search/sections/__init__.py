"""Sections of a query, and what each is: the project, or what stands around it in a mail or form."""
