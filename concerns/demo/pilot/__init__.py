"""Invented concerns of a pilot: about thirty at a time, from the sentences of the demo, in the organisation's own areas."""
