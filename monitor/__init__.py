"""Decides when to look, what matters and whom to tell: rounds, watches, deliveries, the command."""
