"""What a guardian's desk knows of every flag she can open, sealed to her alone and kept up to date in bounded steps.

`service.cards`, `service.lazily` and `service.texts` are what other rooms ask.
"""
