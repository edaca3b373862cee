"""Sources: how far each is verified, and how its last run went."""
