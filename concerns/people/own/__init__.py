"""A person and her own account: passphrase, authenticator app, sessions."""
