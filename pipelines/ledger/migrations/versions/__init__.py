"""One file for each change of the tables; `revision` and `down_revision` give the order."""
