import pytest

from tests.police import check_html, filled_in, pressed, words

GOOD = (
    '<!DOCTYPE html><html lang="en"><head><title>Error: Tell us – Staff feedback</title></head><body><main><h1>Tell us</h1>'
    '<form method="post"><label for="a">A</label><input id="a" name="a" value="1" {attributes}>'
    '<input type="checkbox" name="b" aria-label="b" value="2" checked><input type="radio" name="c" aria-label="c">'
    '<textarea name="d" aria-label="d" {attributes}>\nIt\'s</textarea><select name="e" aria-label="e"><option value="3">x</option></select>'
    '<button name="go" value="now">Go</button><button>Stop</button></form>{more}</main></body></html>'
)
ATTRIBUTES = 'autocomplete="off" spellcheck="false" translate="no"'


def page(more: str = "", attributes: str = ATTRIBUTES) -> str:
    return GOOD.format(more=more, attributes=attributes)


def test_a_good_page_passes() -> None:
    tree = check_html(page("<p translate='no'>It's what she typed</p><code>\"x\"</code>"))
    assert words(tree.find(".//h1")) == "Tell us"


def test_a_form_is_read_as_a_browser_reads_it() -> None:
    form = check_html(page()).find(".//form")
    assert filled_in(form) == {"a": "1", "b": ["2"], "d": "It's", "e": ["3"]}
    assert pressed(form, None) == {"go": "now"}
    assert pressed(form, "Stop") == {}


@pytest.mark.parametrize(
    ("more", "complaint"),
    [
        ("<p>It's</p>", "straight quotes"),
        ("<h1>Again</h1>", "h1"),
        ('<p id="a">x</p>', "twice"),
        ('<p style="color:red">x</p>', "has"),
        ('<p onclick="x()">x</p>', "has"),
        ("<script>1</script>", "inline script"),
        ("<style>p{}</style>", "inline style sheet"),
        ('<a href="javascript:x()">x</a>', "script in a link"),
        ('<a href="#nowhere">x</a>', "leads nowhere"),
        ('<p aria-describedby="nowhere">x</p>', "leads nowhere"),
        ("<form></form>", "neither action nor method"),
        ('<input name="x" type="password">', "no label"),
        ("<p><div></div></p>", "unexpected-end-tag"),
    ],
)
def test_a_bad_page_does_not(more: str, complaint: str) -> None:
    with pytest.raises(AssertionError, match=complaint):
        check_html(page(more))


def test_a_field_that_the_browser_may_send_away_does_not() -> None:
    with pytest.raises(AssertionError, match="spellcheck"):
        check_html(page(attributes='autocomplete="off" translate="no"'))


def test_a_title_that_says_something_else_does_not() -> None:
    with pytest.raises(AssertionError, match="title"):
        check_html(page().replace("<title>Error: Tell us", "<title>Welcome"))
