"""One file for each funder; `scrapers.catalogue` finds them by walking this folder."""
