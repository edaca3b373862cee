"""What stands beside the records of calls: what they are filtered, sorted, found and grouped by."""
