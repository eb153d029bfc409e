"""What goes wrong on purpose, at whichever utility."""
