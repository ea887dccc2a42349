"""What happens between a page and an alert; start reading at `alerting.py`."""
