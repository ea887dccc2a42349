"""What Tocsin's records are: plain data, one codec, stable ids. No I/O, no Beam.

`Item -> Page -> Article -> TaggedArticle -> MatchedArticle -> Match -> Alert`, plus `Failure`.
"""
