"""What a guardian's desk learns from the flags she can open: suggestions, flags alike, words that rise, weekly signals.
All of it is hers alone, inside her own request, and goes no further than the desk.
"""
