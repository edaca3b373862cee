"""What a text names, says short or does not want, and what a reader excludes."""
