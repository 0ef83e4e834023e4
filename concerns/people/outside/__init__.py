"""The organisation’s own accounts (OpenID Connect): a way in for everybody but guardians. No account is ever made by it."""
