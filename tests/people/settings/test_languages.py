"""A language that is off: its pages lead to the English ones, nothing offers it, and what was being written still arrives."""

from concerns.areas.queries import organisation
from tests.cast import Instance
from tests.flagging.conftest import TEXT, thread_of, words_on
from tests.flagging.devices import Device
from tests.police import PoliceClient


def off(instance: Instance) -> None:
    with instance.stores.write_main() as main:
        organisation(main).languages = ["en"]


def test_its_pages_lead_to_the_english_ones(instance: Instance) -> None:
    report = PoliceClient(instance.report_app.test_client(), traceless=True)
    assert "Cymraeg" in report.get("/").html
    off(instance)
    assert "Cymraeg" not in report.get("/").html
    for path in ("/", "/tell", "/tell?sealed-by=server", "/promise", "/posters/a4", "/answers"):
        assert report.get(f"/cy{path}", 302).location == path
    assert "Cymraeg" not in report.get("/accessibility").html


def test_what_was_being_written_still_arrives(instance: Instance) -> None:
    report = PoliceClient(instance.report_app.test_client(), traceless=True)
    form = report.get("/cy/tell")
    instance.clock.pass_(seconds=61)
    off(instance)
    check = report.submit(form, {"text": TEXT}, status=200)
    sent = report.submit(check, button="Anfon", status=200)
    assert thread_of(instance, words_on(sent)).flag["text"] == TEXT


def test_and_what_a_device_seals_on_an_open_page_does_too(instance: Instance) -> None:
    """Its program asks for the keys at the address of its own page, and follows no redirect."""
    device = Device(instance.report_app, instance)
    parcel = device.seal()
    off(instance)
    client = instance.report_app.test_client()
    keys = client.get("/cy/device/keys")
    assert (keys.status_code, keys.is_json) == (200, True)
    assert keys.json["site"] == client.get("/device/keys").json["site"]  # type: ignore[index]  # it is JSON
    assert client.head("/cy/device/keys").status_code == 200
    device.deliver(parcel)
    assert device.look(parcel)["found"]


def test_the_accessibility_page_names_them(instance: Instance) -> None:
    report = PoliceClient(instance.report_app.test_client(), traceless=True)
    assert "You can read it in English and Cymraeg." in report.get("/accessibility").text


def test_the_privacy_page_names_staff_side(instance: Instance) -> None:
    report = PoliceClient(instance.report_app.test_client(), traceless=True)
    assert "staff side" not in report.get("/privacy").text
    with instance.stores.write_main() as main:
        organisation(main).staff_side = "The chair of staff side & her deputy"
    assert "The chair of staff side & her deputy is named for staff side" in report.get("/privacy").text
    assert '<span lang="en">The chair' in report.get("/cy/privacy").html
