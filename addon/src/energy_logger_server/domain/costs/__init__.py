"""What energy costs, and which intervals count."""
