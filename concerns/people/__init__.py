"""Who works at the desk: accounts, roles, one-time links, sign-in with a second factor, and sessions whose key
only the visitor's cookie holds. A guardian's secret is made here, in her own first session.
"""
