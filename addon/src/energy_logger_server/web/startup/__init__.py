"""What is answered while the store is not open."""
