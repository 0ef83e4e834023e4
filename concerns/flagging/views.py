"""The addresses of the report door. Nothing of a reporter's is ever in one of them."""

from flask import Blueprint

from concerns.flagging import about, returning, telling

blueprint = Blueprint("flagging", __name__)

blueprint.add_url_rule("/", "home", about.home)
blueprint.add_url_rule("/tell", "tell", telling.tell, methods=["GET", "POST"])
blueprint.add_url_rule("/return", "come_back", returning.come_back, methods=["GET", "POST"])
blueprint.add_url_rule("/answers", "answers", about.answers)
blueprint.add_url_rule("/promise", "promise", about.promise)
blueprint.add_url_rule("/help", "find_help", about.find_help)
blueprint.add_url_rule("/privacy", "privacy", about.privacy)
blueprint.add_url_rule("/accessibility", "accessibility", about.accessibility)
