"""Whether the service can answer."""
