"""Who may ask for what: hosts, keys, sessions, the right that each route needs, and limits."""
