"""What the reading of one article knows of English: word lists, patterns and the rules around them.

Everything here takes strings and gives spans, values or flags, and knows no record but a claim's enums.
Another language is another package beside this one.
"""
