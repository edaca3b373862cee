"""Files that people give in place of texts."""
