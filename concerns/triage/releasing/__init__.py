"""Texts that leave the desk for leaders or for all staff: a guardian writes one, the text check reads it in her session,
and another guardian agrees in hers. What waits is sealed; what is released is in the room `learning`.
"""
