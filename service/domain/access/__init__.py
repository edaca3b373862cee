"""Who asks, and what they may: rights, keys, people, sessions."""
