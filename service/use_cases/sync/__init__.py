"""What other programs follow: calls as offers, and what changed since they last asked."""
