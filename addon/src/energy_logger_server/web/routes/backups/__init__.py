"""``/api/backups``: what there is, making, trying, restoring, taking away."""
