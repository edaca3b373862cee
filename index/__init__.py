"""Documents in, ranked and explained hits out. Knows nothing of funding."""
