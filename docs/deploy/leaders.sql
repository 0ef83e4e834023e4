-- A login of leaders’ pages on PostgreSQL, with no right on flags, envelopes, triage or people.
--
-- Once, as the server’s administrator, in psql (the password is asked for, and stands in no file):
--     CREATE ROLE concerns_leaders LOGIN;
--     \password concerns_leaders
-- Then, and again after every upgrade of Concerns, in the main database (not in the live one):
--     psql -d concerns_main -f leaders.sql
-- Last, in settings.toml of the desk or as RELEASED_URL:
--     released_url = "postgresql://concerns_leaders:…@localhost/concerns_main"
-- `concerns verify` says whether the login has these rights and no other.
--
-- These lines are those of concerns/store/rights.py; a test compares them.

REVOKE ALL ON ALL TABLES IN SCHEMA public FROM "concerns_leaders";
REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM "concerns_leaders";
REVOKE ALL ON SCHEMA public FROM "concerns_leaders";
GRANT USAGE ON SCHEMA public TO "concerns_leaders";
GRANT SELECT ON
    action,
    annotation,
    answer,
    area,
    board_draft,
    board_paper,
    charter_page,
    division,
    ledger_mark,
    organisation,
    peer_note,
    peer_term,
    promise_change,
    reading_day,
    release,
    released_text,
    response,
    theme,
    theme_set,
    typed_figure
    TO "concerns_leaders";
GRANT INSERT, UPDATE ON
    action,
    annotation,
    board_draft,
    board_paper,
    peer_note,
    promise_change,
    response,
    typed_figure
    TO "concerns_leaders";
