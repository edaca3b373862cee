"""What stands for all stored calls, so that nobody reads all of them: facts, columns, a reader."""
