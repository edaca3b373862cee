"""Funders' pages in, validated calls out. Knows nothing of ranking, storage or people."""
