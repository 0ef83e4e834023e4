"""A demo is made beside its folder: whole in its place, or nowhere."""

from pathlib import Path

import pytest

from concerns.demo.placing import PREFIX, DemoRefused, beside


def names(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def test_it_takes_the_place_of_nothing_or_of_an_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "two").mkdir()
    for name in ("one", "two", "deep/three"):
        with beside(tmp_path / name) as made:
            assert made.name.startswith(PREFIX) and made.parent == (tmp_path / name).parent
            (made / "demo.json").touch()
    assert names(tmp_path) == {
        "one",
        "one/demo.json",
        "two",
        "two/demo.json",
        "deep",
        "deep/three",
        "deep/three/demo.json",
    }


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_what_fails_half_way_is_removed(tmp_path: Path, error: type[BaseException]) -> None:
    def make() -> None:
        with beside(tmp_path / "demo") as made:
            (made / "main.db").touch()
            raise error

    with pytest.raises(error):
        make()
    assert names(tmp_path) == set()


def test_of_two_first_starts_the_second_is_refused_and_the_first_stays(tmp_path: Path) -> None:
    def make_both() -> None:
        with beside(tmp_path / "demo") as second:
            (second / "second").touch()
            with beside(tmp_path / "demo") as first:
                (first / "first").touch()
            assert second.exists()

    with pytest.raises(DemoRefused, match="start again"):
        make_both()
    assert names(tmp_path) == {"demo", "demo/first"}
