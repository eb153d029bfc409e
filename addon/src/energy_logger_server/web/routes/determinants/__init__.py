"""Determinants of the demand bill."""
