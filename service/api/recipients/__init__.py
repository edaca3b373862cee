"""Who gets the weekly mail about a pilot."""
