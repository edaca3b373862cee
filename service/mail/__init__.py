"""The weekly mail: a digest made into a message; what it says is decided in the domain."""
