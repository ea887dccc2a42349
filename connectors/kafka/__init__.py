"""Kafka: pages on their way to detect, and the transactions that alerts leave with."""
