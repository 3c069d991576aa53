"""Turns what a person does into a new State; the only layer that knows Qt."""
