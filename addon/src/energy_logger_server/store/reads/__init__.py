"""Questions to the store; each runs on a reader's connection."""
