"""What a bill for demand is made of: see docs/peaks.md."""
