"""What is known of each series: numbers, days, gaps, revisions, upkeep."""
