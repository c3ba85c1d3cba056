"""The options of a task: fields of a frozen dataclass, from which every door makes its own kind of field.

The annotation says the type: a Literal is a choice, a float or int with `low` and `high` a number, a bool a switch, a
Source a file, any other str a text.
"""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

from models.errors import BadField

T = TypeVar("T")
Kind = Literal["choice", "number", "switch", "text", "file"]
SHOWN_CHARACTERS = 40  # of a wrong value, in the sentence about it


@dataclass(frozen=True)
class Option:
    """One option. `type` is str, int, float or bool; `low`, `high` are included."""

    name: str
    kind: Kind
    type: type
    default: Any
    doc: str
    choices: tuple[str, ...] = ()
    low: float = 0
    high: float = 0
    step: float = 1
    example: str | None = None
    schema: Mapping[str, Any] = field(default_factory=dict)

    def checked(self, value: object) -> Any:
        """`value` in the option's type. Raises BadField."""
        match self.kind:
            case "choice":
                return choice(self.name, value, self.choices)
            case "number":
                found = number(self.name, value, (self.low, self.high))
                return round(found) if self.type is int else found
            case "switch":
                return bool(value)
            case _:
                return value


def option(
    default: T,
    doc: str,
    *,
    limits: tuple[float, float] | None = None,
    step: float = 1,
    example: str | None = None,
    schema: Mapping[str, Any] = MappingProxyType({}),
) -> T:
    """The default of a field, with what doors say about it; `step` is that of a slider, `schema` what JSON Schema can
    say besides of the legal values."""
    metadata = {"doc": doc, "limits": limits, "step": step, "example": example, "schema": schema}
    return dataclasses.field(default=default, metadata=metadata)


def options_of(cls: type) -> tuple[Option, ...]:
    """The options that a dataclass declares, in its order."""
    types = get_type_hints(cls)
    return tuple(_option(field, types[field.name]) for field in dataclasses.fields(cls))


def checked(cls: type[T], values: Mapping[str, object]) -> T:
    """The dataclass from values by name; what is not given has its default. Raises BadField."""
    known = {option.name: option for option in options_of(cls)}
    for name in values:
        if name not in known:
            raise unknown_field(name, known)
    return cls(**{name: known[name].checked(value) for name, value in values.items()})


def _option(field: "dataclasses.Field[Any]", annotation: Any) -> Option:
    limits: tuple[float, float] | None = field.metadata["limits"]
    kind: Kind = "text"
    plain, choices = annotation, ()
    if get_origin(annotation) is Literal:
        kind, plain, choices = "choice", str, get_args(annotation)
    elif annotation is bool:
        kind = "switch"
    elif limits:
        kind = "number"
    elif annotation is not str:
        kind, plain = "file", bytes
    low, high = limits or (0, 0)
    told = {name: field.metadata[name] for name in ("doc", "step", "example", "schema")}
    return Option(field.name, kind, plain, field.default, choices=choices, low=low, high=high, **told)


def unknown_field(name: str, known: Iterable[str]) -> BadField:
    """The refusal of an option that there is not."""
    message = f"There is no field {name[:SHOWN_CHARACTERS]!r}; choose from {', '.join(known)}."
    return BadField(message, reason="unknown_field")


def choice(field: str, value: object, choices: Sequence[str]) -> str:
    """`value`, if it is one of `choices`. Raises BadField."""
    if value in choices:
        return str(value)
    shown, listed = str(value)[:SHOWN_CHARACTERS], ", ".join(choices)
    message = f"{field} is {shown!r}; choose one of {listed}."
    raise BadField(message, reason="unknown_choice", field=field, value=shown, choices=listed)


def number(field: str, value: object, limits: tuple[float, float]) -> float:
    """`value` as a number within `limits`, both included. Raises BadField."""
    low, high = limits
    if isinstance(value, (int, float)) and not isinstance(value, bool) and low <= value <= high:
        return float(value)
    shown = str(value)[:SHOWN_CHARACTERS]
    message = f"{field} is {shown!r}; give a number from {low} to {high}."
    raise BadField(message, reason="out_of_range", field=field, value=shown, low=low, high=high)
