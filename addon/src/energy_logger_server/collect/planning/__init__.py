"""Which days to ask Amber for, from what is known of a site's days; pure."""
