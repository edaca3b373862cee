"""What stands on the pages of calls beside labelled facts: titles, counties, days in sentences."""
