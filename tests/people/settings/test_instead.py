"""Who reads instead stands on the promise page, in the words of the organisation, and the form leads there."""

from concerns.areas.queries import organisation
from tests.cast import Instance
from tests.police import PoliceClient

INSTEAD = {"guardian": "The other guardian", "head": "The guardians & the chair", "chair": "", "admin": "Both"}


def test_it_stands_on_the_promise_page_and_the_form_leads_there(instance: Instance) -> None:
    report = PoliceClient(instance.report_app.test_client(), traceless=True)
    assert "If it is about one of these people" not in report.get("/promise").text
    assert "Who reads it then" not in report.get("/tell").text
    with instance.stores.write_main() as main:
        organisation(main).read_instead = INSTEAD
    page = report.get("/promise")
    assert "The guardians & the chair" in page.text
    assert "About the chair" not in page.text  # where nothing is said, nothing stands
    assert report.get("/tell").links()["Who reads it then"] == "/promise#instead"
    welsh = report.get("/cy/promise")
    assert "Am y pennaeth neu’r prif weithredwr" in welsh.text
    assert '<span lang="en">The guardians &amp; the chair</span>' in welsh.html
