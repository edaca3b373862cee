"""What a model other than the bundled one must be asked: its prompts, its floor, its strength."""
