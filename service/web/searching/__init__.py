"""The pages of searches: each has an address of its own."""
