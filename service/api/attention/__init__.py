"""What needs attention, for tools that tell people of it."""
