"""Places that are looked at: one file for each kind, beside what only that kind needs."""
