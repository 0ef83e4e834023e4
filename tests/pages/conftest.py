import gzip
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, abort, flash, render_template_string, request
from wtforms import (
    BooleanField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from concerns.pages.forms import DeskForm, ReportForm
from concerns.pages.furniture import Brand, open_pages
from concerns.pages.keyed import KeyedFlask
from tests.police import PoliceClient, every

ORIGINS = ("https://concerns.example.org", "http://exampleexampleexampleexampleexampleexampleexampleexam.onion")
PAGE = """{% extends "layout/" ~ door ~ ".html" %}
{% from "parts/fields.html" import text, textarea, password, radios, checkboxes, checkbox, select, hidden, button, error_summary %}
{% block heading %}{{ _('Skip to main content') if plain is defined else 'What is Ada’s view?' }}{% endblock %}
{% block before %}{{ error_summary(form) if form is defined else '' }}{% endblock %}
{% block content %}{% if form is defined %}<form method="post" novalidate>
{% if form.csrf_token is defined %}{{ form.csrf_token }}{% endif %}
{{ text(form.name, hint="As on your badge", width=20) }}
{{ password(form.word) }}
{{ textarea(form.story, hint="In your own words", count_max=100) }}
{{ radios(form.worry, hint="Choose one", hints={"very": "Somebody may be harmed"}) }}
{{ checkboxes(form.themes, small=True) }}
{{ checkbox(form.agree, hint="You can change your mind") }}
{{ select(form.area, hint="Where it happened") }}
{{ select(form.group) }}
{{ button("Send") }}{{ button("Keep", name="keep", secondary=True) }}</form>{% endif %}{% endblock %}"""


def fields() -> dict[str, Any]:
    worries = [SelectChoice("a-bit", "A bit"), SelectChoice("very", "Very")]
    return {
        "name": StringField("Your name", [InputRequired("Enter your name"), Length(max=5, message="Too long")]),
        "word": PasswordField("Passphrase", [InputRequired("Enter your passphrase")]),
        "story": TextAreaField("What worries you?", [InputRequired("Tell us what worries you")]),
        "worry": RadioField("How worried are you?", [InputRequired("Say how worried you are")], choices=worries),
        "themes": SelectMultipleField("Themes", [InputRequired("Choose a theme")], choices=worries),
        "agree": BooleanField("I agree", [InputRequired("Say that you agree")]),
        "area": SelectField("Area", [InputRequired("Choose an area")], choices=[SelectChoice("", "Choose"), *worries]),
        "group": SelectField("Group", choices=[SelectChoice("", "None"), SelectChoice("x", "X", optgroup="Letters")]),
    }


def add_routes(app: Flask, ancestor: type[Any]) -> None:
    form_class = type("ExampleForm", (ancestor,), fields())

    def example() -> str:
        form = form_class()
        if form.validate_on_submit():
            return render_template_string(PAGE)
        return render_template_string(PAGE, form=form)

    app.add_url_rule("/example", "example", example, methods=["GET", "POST"])
    app.add_url_rule("/plain", "plain", lambda: render_template_string(PAGE, plain=True))
    app.add_url_rule("/stop/<int:code>", "stop", abort)
    app.add_url_rule("/fail", "fail", fail, methods=["GET", "POST"])
    app.add_url_rule("/read", "read", lambda: str(len(request.get_data())), methods=["POST"])


def fail() -> str:
    raise RuntimeError("secret words " + request.form.get("story", ""))


def make_report_app(**options: Any) -> Flask:
    app = Flask("concerns", static_folder=None, template_folder=None)
    given: dict[str, Any] = {"brand": lambda: Brand("Acorn Trust"), "origins": ORIGINS} | options
    open_pages(app, door="report", **given)
    add_routes(app, ReportForm)
    return app


def make_desk_app(cookie_path: str = "/") -> Flask:
    app = KeyedFlask("concerns", static_folder=None, template_folder=None)
    app.secret_key = "a key of the tests"
    open_pages(app, brand=lambda: Brand("Acorn Trust", rehearsal=True), door="desk", cookie_path=cookie_path)
    add_routes(app, DeskForm)

    @app.route("/said")
    def said() -> str:
        flash("The flag is triaged")
        return render_template_string(PAGE)

    return app


@pytest.fixture
def report_app() -> Flask:
    return make_report_app()


@pytest.fixture
def desk_app() -> Flask:
    return make_desk_app()


@pytest.fixture
def report(report_app: Flask) -> PoliceClient:
    return PoliceClient(report_app.test_client(), traceless=True)


@pytest.fixture
def desk(desk_app: Flask) -> PoliceClient:
    return PoliceClient(desk_app.test_client(), traceless=False)


@pytest.fixture
def weigh() -> Callable[[PoliceClient, str], int]:
    """Bytes that a page costs, compressed, with every file that it loads."""

    def weighed(client: PoliceClient, path: str) -> int:
        page = client.get(path)
        urls = [e.get("href") for e in page.tree.iter("link")] + [
            e.get("src") for e in every(page.tree, "script", "img")
        ]
        bodies = [client.client.get(url).data for url in urls]
        return sum(len(gzip.compress(body, 9)) for body in [page.response.data, *bodies])

    return weighed
