"""The addresses of the report door. Nothing of a reporter's is ever in one of them."""

from flask import Blueprint

from concerns.flagging import about, answers, device, posters, returning, telling

blueprint = Blueprint("flagging", __name__)

blueprint.add_url_rule("/", "home", about.home)
blueprint.add_url_rule("/tell", "tell", telling.tell, methods=["GET", "POST"])
blueprint.add_url_rule("/return", "come_back", returning.come_back, methods=["GET", "POST"])
blueprint.add_url_rule("/return/photo", "add_photo", returning.add_photo, methods=["POST"])
blueprint.add_url_rule("/device/keys", "keys", device.keys)
blueprint.add_url_rule("/device/tell", "device_tell", device.tell, methods=["POST"])
blueprint.add_url_rule("/device/open", "device_open", device.look, methods=["POST"])
blueprint.add_url_rule("/device/add", "device_add", device.add, methods=["POST"])
blueprint.add_url_rule("/device/take-back", "device_take_back", device.take_back, methods=["POST"])
blueprint.add_url_rule("/answers", "answers", answers.index)
blueprint.add_url_rule("/answers/<month>", "answers_sheet", answers.sheet)
blueprint.add_url_rule("/answers.atom", "answers_feed", answers.feed)
blueprint.add_url_rule("/promise", "promise", about.promise)
blueprint.add_url_rule("/help", "find_help", about.find_help)
blueprint.add_url_rule("/privacy", "privacy", about.privacy)
blueprint.add_url_rule("/accessibility", "accessibility", about.accessibility)
blueprint.add_url_rule("/posters", "posters", posters.index)
blueprint.add_url_rule("/posters/a4", "poster", posters.a4)
blueprint.add_url_rule("/posters/card", "card", posters.card)
blueprint.add_url_rule("/posters/paper", "paper", posters.paper)
