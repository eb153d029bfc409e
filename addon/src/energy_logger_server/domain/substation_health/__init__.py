"""What is wrong with substations or with their readings: see docs/substations.md."""
