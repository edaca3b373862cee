"""The pages: server-made HTML in Swedish and English that needs no script to work."""
