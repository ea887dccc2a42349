"""Kafka, as pages and alerts use it."""
