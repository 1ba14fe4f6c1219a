"""What Dateline knows and how it is kept: the vocabulary, the pure rules over it, and one store.

Nothing here fetches, sends or decides when: the other rooms import this one, never the reverse.
"""
