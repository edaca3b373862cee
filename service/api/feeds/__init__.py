"""Links to feeds: made, listed, revoked."""
