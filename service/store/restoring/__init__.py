"""The database as a file: copied while it is used, checked, and put back without losing mails."""
