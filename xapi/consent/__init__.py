"""Whether somebody agrees to be known by their mail address at an LRS outside that asks for addresses.

Nobody is, unless they have said so themselves; until then, and afterwards, a pseudonym stands for them.
"""
