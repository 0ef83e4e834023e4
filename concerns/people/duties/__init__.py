"""What guardians owe on fixed days: reading days kept and missed, days of leave, and the letters that remind of them.
Nothing here depends on any flag: whoever reads these rows or letters learns nothing of what was told.
"""
