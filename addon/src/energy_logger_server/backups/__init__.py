"""Backups: made, proven, listed, restored, and dropped when they are old."""
