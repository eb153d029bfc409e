"""The peak watch: which hours may set the bill, told in time (docs/peaks.md)."""
