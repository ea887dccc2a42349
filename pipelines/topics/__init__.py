"""What somebody tracks: the query language, and a matcher for many topics. Pure logic."""
