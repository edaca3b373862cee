"""Where pilots, funders and readers meet: store, jobs, JSON API and pages."""
