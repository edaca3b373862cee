"""What can be done with searches that have an address of their own."""
