"""Who of the guardians may read a flag, as that changes: one steps back, a newcomer is handed what was there before."""
