"""The three letters: fixed texts of which nothing can be read but that a day came or went.

No number, no date, no name and nothing of any flag: every letter of a kind has the same bytes, whoever gets it.
"""

import datetime as dt
import secrets
from email.message import EmailMessage
from email.utils import format_datetime

#: kind -> subject and text; {desk} is the desk's address, the only thing that differs between instances
LETTERS = {
    "digest": (
        "Today is a reading day",
        (
            "Today is a reading day. Please sign in at the desk:\n\n{desk}\n\n"
            "This letter is the same on every reading day, whether anything has come or not.\n"
        ),
    ),
    "missed": (
        "A reading day was missed",
        (
            "Nobody signed in at the desk on the last reading day. Please sign in today:\n\n{desk}\n\n"
            "This letter goes to all guardians and is always the same, whether anything has come or not.\n"
        ),
    ),
    "overseer": (
        "Two reading days in a row were missed",
        (
            "No guardian signed in at the desk on the last two reading days. Please talk to the guardians.\n"
            "The desk shows you which reading days were kept:\n\n{desk}\n\n"
            "This letter is always the same, whether anything has come or not.\n"
        ),
    ),
}


def letter(kind: str, sender: str, recipient: str, desk: str, moment: dt.datetime) -> EmailMessage:
    """One letter, ready to be sent. Raises ValueError for an address that no header can hold."""
    subject, text = LETTERS[kind]
    message = EmailMessage()
    message["From"] = sender
    message["To"] = recipient
    message["Subject"] = subject
    message["Date"] = format_datetime(moment)
    # not made by the library: that would name this machine
    message["Message-ID"] = f"<{secrets.token_hex(16)}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text.format(desk=desk))
    return message
