"""What can be done with feeds and webhooks: make and revoke links, open them, tell and look."""
