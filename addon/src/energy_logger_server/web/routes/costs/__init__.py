"""What an account's sites cost, by day or hour and as a sum."""
