"""What is handed in before the application, by when, and who was invited to it."""
