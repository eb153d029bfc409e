"""What is missing in the store."""
