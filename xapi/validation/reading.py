"""JSON as a learning record store must read it: what other readers let pass in silence is an error here."""

import json


class MalformedJsonError(ValueError):
    """The text is not JSON, or says something twice, or something that is no number."""


def strict_json(text: str | bytes) -> object:
    """The value that the text says.

    Raises MalformedJsonError, also for duplicate keys, NaN, Infinity and endless nesting.
    """
    try:
        said = text.decode() if isinstance(text, bytes) else text
        value: object = json.loads(said, object_pairs_hook=_once, parse_constant=_no_number)
    except RecursionError:
        raise MalformedJsonError("nested too deeply") from None
    except ValueError as error:
        raise MalformedJsonError(str(error)) from None
    return value


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise MalformedJsonError("the same key twice in one object")
    return found


def _no_number(word: str) -> object:
    raise MalformedJsonError(f"{word} is not a number in JSON")
