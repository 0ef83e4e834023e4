"""The guardian's desk: the inbox, one flag on one screen, sorting it, answering the reporter, and imports from a
spreadsheet. Flags are opened here, inside a signed-in guardian's request, and nowhere else at the desk.
"""
