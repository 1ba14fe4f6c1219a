"""One file per site: only what is peculiar to that site's addresses, lists and pages."""
