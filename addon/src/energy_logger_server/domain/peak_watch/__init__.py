"""The peak watch: which hours may set the bill, announced in time (docs/peaks.md)."""
