"""Long-term statistics of what the utilities publish, kept true to their source."""
