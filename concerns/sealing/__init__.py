"""Words become ciphertext: the envelope, the receipt, signing, passphrases and the rows they are kept in.

The only room that imports `cryptography`. The format is settled in docs/architecture.md; no primitive is written here.
"""
