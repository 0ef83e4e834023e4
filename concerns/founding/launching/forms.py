"""The form of a launch: the organisation's name, typed."""

from wtforms import Field, StringField, ValidationError

from concerns.founding.launching.rules import name_problem
from concerns.pages.forms import DeskForm


class LaunchForm(DeskForm):
    """Nobody launches by mistake."""

    typed = StringField("The organisation’s name")

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    def validate_typed(self, field: Field) -> None:
        problem = name_problem(field.data or "", self._name)
        if problem is not None:
            raise ValidationError(problem)
