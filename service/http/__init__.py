"""What the API and the pages share of HTTP: the context, queries, and errors as problems."""
