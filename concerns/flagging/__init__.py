"""A concern is told: the form, sealing it in memory, the receipt, and coming back with it.

This room holds public keys only. The one thing it opens is a reporter's own thread, with the words she has just
typed; nothing of what she types or reads outlives the request.
"""
