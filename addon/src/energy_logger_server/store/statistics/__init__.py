"""Figures of UTC hours, and what of them changed since."""
