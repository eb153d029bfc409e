"""What an entry holds: set up, kept up to date, handed over, taken away."""
