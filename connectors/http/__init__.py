"""The one HTTP client that everything is fetched with: polite towards hosts, guarded against them."""
