"""Who funds a subject, and who was funded for it."""
