"""Whether a call has a subject of its own, or is open to projects of any subject."""
