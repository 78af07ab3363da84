"""The building blocks of the framework's shape: exact types, frozen values, no key too many.

Used by `profile`, `dimensions` and `framework`, which describe the file; this file knows nothing of what is in it.
"""

from contextlib import suppress
from datetime import date
from fractions import Fraction
from types import MappingProxyType
from typing import Annotated, Any, LiteralString, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

K = TypeVar("K")
V = TypeVar("V")
ConditionValue = int | str


def _refused(kind: LiteralString) -> PydanticCustomError:
    """Return an error whose words are found by its kind (`loading/wording.py`)."""
    return PydanticCustomError(kind, kind)


def _number(value: Any) -> Fraction:
    if type(value) not in (int, Fraction):
        raise _refused("number_type")
    return Fraction(value)


def _accepted(value: Any) -> ConditionValue:
    if type(value) is int or isinstance(value, str):
        return value
    raise _refused("condition_type")


def _day(value: Any) -> date:
    with suppress(TypeError, ValueError):
        day = date.fromisoformat(value)
        if day.isoformat() == value:
            return day
    raise _refused("day_type")


def _percent(value: Fraction) -> Fraction:
    if not 0 <= value <= 100:
        raise _refused("percent_range")
    return value


Table = Annotated[dict[K, V], AfterValidator(MappingProxyType)]
Percent = Annotated[
    Fraction,
    PlainValidator(_number),
    AfterValidator(_percent),
    WithJsonSchema({"type": "number", "minimum": 0, "maximum": 100}),
]
Accepted = Annotated[
    ConditionValue, PlainValidator(_accepted), WithJsonSchema({"anyOf": [{"type": "string"}, {"enum": [1, 2, 3, 4]}]})
]
Day = Annotated[date, PlainValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
Condition = Table[str, tuple[Accepted, ...]]
Count = Annotated[int, Field(ge=1, le=1000)]
Url = Annotated[str, Field(pattern=r"^https?://\S+$")]
LevelNumber = Annotated[int, Field(ge=1, le=4)]


class Part(BaseModel):
    """A part of the file: frozen, exact types, no key too many."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
