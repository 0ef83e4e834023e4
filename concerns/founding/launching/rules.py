"""What a launch destroys and what it keeps: every table of both stores stands in one of these lists. Pure."""

#: the organisation and what its admin settled, its people, and the log of what staff users did
KEPT = frozenset({
    *("organisation", "division", "area", "theme_set", "theme", "theme_mapping", "theme_draft", "theme_wording"),
    # a leave is planned by the calendar; recovery shares are of a guardian's key, which she keeps
    *("person", "peer_term", "passkey", "absence", "recovery"),
    *("audit_row", "audit_head", "audit_request"),
})  # fmt: skip
#: what came of flags or was made beside them; the charter and the mark of the ledger name the site, and are made anew
DESTROYED = frozenset({
    *("thread", "envelope", "wrap", "thread_mark"),
    *("release", "ledger_mark", "charter_page", "released_text", "statutory_return"),
    # standing answers may have been written from invented concerns: the sector's own come back
    "answer",
    *("response", "action", "promise_change", "peer_note", "reading_day"),
    *("typed_figure", "annotation", "board_draft", "board_paper"),
})  # fmt: skip
#: of the live store: staff users' own way in, and the door's key, which is held by running processes
KEPT_LIVE = frozenset({"desk_session", "invitation", "code_tries", "asked", "door_key"})
DESTROYED_LIVE = frozenset({
    *("arrival", "shred_key", "contact_key", "taken_back", "spent", "staff_code"),
    *("shelf", "brief", "text_draft", "notice"),
})  # fmt: skip


def name_problem(typed: str, name: str) -> str | None:
    """What is wrong with a typed confirmation; None when nothing is."""
    if " ".join(typed.split()).casefold() != " ".join(name.split()).casefold():
        return f"Type the organisation’s name as it stands at the top of the page: {name}"
    return None
