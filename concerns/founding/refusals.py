"""Says in one clear line why a command could not be done: every foreseeable failure, and no traceback."""

from alembic.util import CommandError
from sqlalchemy.exc import SQLAlchemyError

from concerns.areas.queries import NoOrganisation
from concerns.audit.service import NotNoted
from concerns.charter.service import CharterRefused, NotOpenYet
from concerns.disclosure.ledger import LedgerRefused
from concerns.disclosure.periods import WrongPeriod
from concerns.disclosure.turns import CloseRefused
from concerns.flagging.slips import FileThere
from concerns.founding.answers import AnswersRefused
from concerns.founding.copies.shape import CopyRefused
from concerns.founding.service import AlreadyFounded
from concerns.founding.serving import CannotListen
from concerns.founding.upkeep import StoreMissing
from concerns.pages.errors import store_trouble
from concerns.people.service import AccountRefused
from concerns.people.signing_in import SignInRefused
from concerns.sealing.collecting import StoreBusy
from concerns.store.schema import StoresNewer
from concerns.triage.entering.csv_rows import BadFile
from concerns.triage.entering.importing import ImportRefused

#: what was typed cannot be right
WRONG = (AnswersRefused, UnicodeError, WrongPeriod)
#: what was typed may be right, and could not be done
FAILED = (
    AccountRefused,
    AlreadyFounded,
    BadFile,
    CannotListen,
    CharterRefused,
    CloseRefused,
    CommandError,
    CopyRefused,
    FileThere,
    ImportRefused,
    LedgerRefused,
    NoOrganisation,
    NotNoted,
    NotOpenYet,
    OSError,
    SignInRefused,
    SQLAlchemyError,
    StoreBusy,
    StoreMissing,
    StoresNewer,
)
_WORDS: dict[type[Exception], str] = {
    AlreadyFounded: "This instance is set up already.",
    CommandError: "The stores are of another version than this program.",
    NotNoted: "The log of what was done could not take an entry, so this was not done, or is not entered. Try again.",
    NotOpenYet: "The service is not open yet: its guardians have not all made and signed their keys.",
    SignInRefused: "The e-mail address, the passphrase or the code is wrong.",
    SQLAlchemyError: "The store does not answer as it should. Look at DATABASE_URL and LIVE_URL, and try again.",
    StoreBusy: "The store is in use all the time. Nothing is lost: try again later.",
    UnicodeError: "What was typed, or a variable of the environment, is not text in UTF-8.",
}
#: what a store or a disk cannot do now
_STORE = {
    "full": "There is no room left on a disk. Nothing is half done: make room, and do the same again.",
    "busy": "The store is in use by another program. Nothing is half done: try again in a minute.",
}
#: their own text speaks to programmers
_NEVER_QUOTED = (CommandError, SQLAlchemyError, UnicodeError)


def in_words(error: Exception) -> str:
    """What to say of a failure."""
    if words := _STORE.get(store_trouble(error) or "gone"):
        return words
    if isinstance(error, OSError):
        return f"{error.filename or 'A file'}: {error.strerror or 'cannot be used'}."
    if str(error) and not isinstance(error, _NEVER_QUOTED):
        return str(error)
    return next((words for kind, words in _WORDS.items() if isinstance(error, kind)), "This cannot be done.")
