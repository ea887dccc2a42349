"""Thin Beam, one file a step: mechanics, no rules."""
