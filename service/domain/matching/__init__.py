"""A pilot and a call: which are compared, how they match, and every reason."""
