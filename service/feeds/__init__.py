"""What others subscribe to: Atom, calendars and messages of webhooks, made of what is given."""
