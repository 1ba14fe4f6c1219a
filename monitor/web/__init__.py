"""What Dateline shows over HTTP: the feed files and its health. The owner of Starlette."""
