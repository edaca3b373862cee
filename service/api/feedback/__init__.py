"""What people think of calls for a pilot."""
