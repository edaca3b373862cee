"""The weekly mails: what happened to calls, which a digest shows, and who gets it."""
