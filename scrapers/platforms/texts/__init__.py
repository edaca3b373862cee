"""What the texts of records say that their fields leave out."""
