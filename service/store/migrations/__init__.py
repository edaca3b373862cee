"""The database's forms, one file a step; `database` brings any older one up to date."""
