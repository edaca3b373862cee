"""Names of calls: their codes and numbers, and where a text has one."""
