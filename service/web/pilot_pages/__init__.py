"""Pages that make, change and share a pilot, and list its deadlines."""
