"""What lists of calls are narrowed and sorted by, and how many calls a choice would leave."""
