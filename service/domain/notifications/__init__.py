"""What pilot teams are told: events, what a digest holds, and who gets it."""
