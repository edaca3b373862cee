"""What the next weekly mail would tell."""
