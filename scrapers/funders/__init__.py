"""One file a funder; ``scrapers.funder`` finds them by walking this folder."""
