"""Collecting from Amber: current prices, whole days, the account's sites."""
