"""Acting on a flag without exposing anybody: the exposure gate, the just-culture check, briefs for owners, the original
in other hands, words for leaders, and flags that are not from our staff. All of it is sealed in the flag's own thread.
"""
