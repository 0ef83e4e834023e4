"""The tamper-evident log of what staff users did: one chained row for each deed, with its day and no finer time. No row
stems from anything a reporter did, and which thread a row is about is sealed. Guardians sign the chain as they sign in.
"""
