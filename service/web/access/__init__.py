"""Pages of signing in and out, and of who may see a pilot."""
