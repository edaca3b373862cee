"""The HTTP server: slow senders hold no thread, and costly requests wait in a short queue."""
