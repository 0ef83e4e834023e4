"""Passkeys: a second factor beside the codes of an app. A device proves that it is hers; no key of the desk depends on it."""
