"""What a page weighs, with everything it loads: a phone on a poor connection must get it in a moment."""

import gzip
import re
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from concerns.areas.queries import organisation
from concerns.pages.assets import BUILT
from concerns.pages.logos import LIGHT, MOST_KEPT, drawn_anew
from tests.cast import Instance

WITHOUT_SCRIPT, WITH_SCRIPT = 30_000, 65_000
#: addresses in the page of what a browser fetches by itself, and the script of its own accord
LOADED = re.compile(r'(?:src|href|data-work|data-keys)="((?:/cy)?/(?:static|theme|device|logo)[^"]*)"')


def weigh(instance: Instance, path: str) -> int:
    """Bytes of the page and all that it loads, each file with gzip -9."""
    client = instance.report_app.test_client()
    page = client.get(path)
    assert page.status_code == 200
    found = sorted(set(LOADED.findall(page.text)))
    assert any(address.endswith(".css") for address in found)
    return sum(len(gzip.compress(client.get(address).data, 9)) for address in [path, *found])


@pytest.mark.parametrize("path", ["/tell", "/return", "/cy/tell", "/cy/return"])
def test_the_pages_that_seal_stay_within_their_budget(instance: Instance, path: str) -> None:
    assert weigh(instance, path) <= WITH_SCRIPT


@pytest.mark.parametrize("path", ["/", "/tell?sealed-by=server", "/return?sealed-by=server", "/promise", "/help"])
def test_the_pages_without_script_stay_within_theirs(instance: Instance, path: str) -> None:
    assert weigh(instance, path) <= WITHOUT_SCRIPT


def with_logo(instance: Instance, picture: Image.Image) -> int:
    """Put a logo on the pages; returns its bytes."""
    file = BytesIO()
    picture.save(file, "PNG")
    with instance.stores.write_main() as main:
        organisation(main).logo = kept = drawn_anew(file.getvalue()).png
    return len(kept)


def test_a_logo_breaks_no_budget(instance: Instance) -> None:
    """One as organisations have them: a mark, and their name in letters."""
    drawn = Image.new("RGBA", (960, 320), (0, 0, 0, 0))
    pen = ImageDraw.Draw(drawn)
    pen.ellipse((20, 20, 300, 300), fill="#ffffff", outline="#ffdd00", width=24)
    pen.text((340, 60), "Wendle Vale", fill="#ffffff", font_size=96)
    pen.text((340, 180), "NHS Foundation Trust", fill="#ffdd00", font_size=56)
    assert 1000 < with_logo(instance, drawn) <= LIGHT
    assert weigh(instance, "/tell") <= WITH_SCRIPT
    assert weigh(instance, "/tell?sealed-by=server") <= WITHOUT_SCRIPT


def test_the_heaviest_logo_that_is_taken_breaks_none_without_script(instance: Instance) -> None:
    ramp = Image.radial_gradient("L").resize((240, 80)).convert("RGB").effect_spread(30)
    assert LIGHT < with_logo(instance, ramp) <= MOST_KEPT
    assert weigh(instance, "/tell?sealed-by=server") <= WITHOUT_SCRIPT


def test_no_script_that_a_page_loads_pulls_in_another_that_was_not_weighed() -> None:
    """What is fetched only where a browser lacks something is named in the built folder, and in no import that always runs."""
    for script in Path(BUILT).glob("*.js"):
        assert not re.search(r'(?:^|;)import[^(]*?["\']\./', script.read_text()), script.name
