"""HTTP: polite, bounded and identified requests, and the archive of answers."""
