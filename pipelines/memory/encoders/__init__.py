"""The two sentence encoders, shipped with the package: one fast for candidates, one exact for the nearest."""
