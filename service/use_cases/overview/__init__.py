"""What staff keep an eye on: what fits their pilots, what is new, and what needs an act."""
