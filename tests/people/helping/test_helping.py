"""Help at the desk is the documentation itself: whole, with its pictures, and without what only a server's keeper needs."""

import re

import pytest

from concerns.people.helping.rules import folder, guide_of
from concerns.people.helping.views import PAGES
from tests.cast import Instance
from tests.people.visiting import Desk


@pytest.mark.parametrize("role", PAGES)
def test_each_page_is_shown_whole(instance: Instance, role: str) -> None:
    desk = Desk(instance)
    desk.sign_in("ada")
    page = desk.client.get(f"/guide/{role}")
    text = (folder() / f"{role}.md").read_text()
    assert page.h1 == text.partition("\n")[0].removeprefix("# ")
    for heading in re.findall(r"^## (.+)$", text, re.MULTILINE):
        assert heading.replace("*", "").replace("`", "") in page.text
    text = re.sub(r"!\[.*?\]\(.*?\)|^\d+\. ", "", text, flags=re.DOTALL | re.MULTILINE)  # pictures, numbers of lists
    plain = [line for line in text.splitlines() if re.fullmatch(r"[\w ,.;:’“”–?!()]{40,}", line)]
    assert len(plain) > 3
    assert [line for line in plain if " ".join(line.split()) not in page.text] == []


@pytest.mark.parametrize(
    ("name", "role"), [("gita", "guardian"), ("lena", "leader"), ("ada", "admin"), ("priya", "peer")]
)
def test_help_begins_at_her_own_role(instance: Instance, name: str, role: str) -> None:
    desk = Desk(instance)
    desk.sign_in(name)
    assert desk.client.get("/guide", status=302).location == f"/desk/guide/{role}"
    assert "Help" in desk.client.get("/me").links()


def test_pictures_are_there_and_nothing_else_of_the_folder(instance: Instance) -> None:
    desk = Desk(instance)
    desk.sign_in("gita")
    page = desk.client.get("/guide/guardian")
    pictures = [image.get("src") for image in page.tree.find(".//main").iter("img")]
    assert pictures
    for address in pictures:
        shown = desk.client.get(address.removeprefix("/desk"))
        assert shown.response.mimetype == "image/png" and shown.response.data.startswith(b"\x89PNG")
        shown.response.close()
    for outside in ("../admin.md", "%2e%2e/admin.md", "..%2fadmin.md", "nothing.png"):
        assert desk.client.client.get(f"/guide/images/{outside}").status_code == 404
    desk.client.get("/guide/architecture", status=404)


def test_links_lead_to_the_other_guides_and_nowhere_else() -> None:
    places = {"peer.md": "/guide/peer", "https://example.org/": "https://example.org/"}
    text = (
        "# Title\n\n[one](peer.md), [two](deploy/leaders.sql), ![Three](images/none.png) [four](https://example.org/)"
    )
    html = guide_of(text, places.get).html
    assert '<a href="/guide/peer" class="govuk-link">one</a>, two,' in html
    assert "leaders.sql" not in html and "<img" not in html and "https://example.org/" in html


def test_raw_html_stays_text() -> None:
    html = guide_of("# Title\n\nA <script>alert(1)</script> [x](javascript:alert(1))", lambda address: address).html
    assert "<script" not in html and "href" not in html


def test_a_wide_table_scrolls_by_keyboard() -> None:
    html = guide_of("# Title\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n", str).html
    assert html.count('tabindex="0"') == 1 and html.count("</table>\n</div>") == 1
