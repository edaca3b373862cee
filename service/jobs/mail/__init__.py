"""Jobs of the weekly mail: digests made, sent, reported and forgotten in time."""
