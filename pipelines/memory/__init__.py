"""Pure logic of judging: candidates, the same-claim decision, findings, origins."""
