"""The syntax of patterns: from a regular expression to a tree of its parts."""

from __future__ import annotations

from typing import NamedTuple

DIGITS = "0123456789"

SPECIAL = "()[]{}|*+?.\\^$"
"""Characters with a meaning of their own; after a backslash they stand for themselves."""

LARGEST_COUNT = 1000
"""A part is repeated at most this often."""


class OneOf(NamedTuple):
    """One character out of a set."""

    characters: frozenset[str]


class Sequence(NamedTuple):
    """Parts that follow each other."""

    parts: list[Part]


class Choice(NamedTuple):
    """One of several parts."""

    parts: list[Part]


class Repeat(NamedTuple):
    """A part, repeated at least ``fewest`` and at most ``most`` times; None: any number."""

    part: Part
    fewest: int
    most: int | None


Part = OneOf | Sequence | Choice | Repeat


def parse(expression: str, alphabet: str) -> Part:
    r"""Return the parts of an expression over an alphabet.

    >>> parse("5{2}", "0123456789")
    Repeat(part=OneOf(characters=frozenset({'5'})), fewest=2, most=2)
    """
    return _Parser(expression, alphabet).parse()


class _Parser:
    """A position in an expression, which moves forward as the parts are read."""

    def __init__(self, expression: str, alphabet: str) -> None:
        self.expression, self.alphabet, self.place = expression, alphabet, 0

    def parse(self) -> Part:
        self._skip("^")
        part = self._choice()
        self._skip("$")
        if self.place < len(self.expression):
            raise self._error(f"{self._next()!r} is not expected")
        return part

    def _error(self, reason: str) -> ValueError:
        return ValueError(
            f"pattern={self.expression!r} cannot be read at character {self.place + 1}: {reason}; "
            r"use characters, \d, ., [...], (...), |, *, +, ? and {m,n}."
        )

    def _next(self) -> str:
        return self.expression[self.place : self.place + 1]

    def _take(self) -> str:
        character = self._next()
        if not character:
            raise self._error("it ends too early")
        self.place += 1
        return character

    def _skip(self, character: str) -> bool:
        found = self._next() == character
        self.place += found
        return found

    def _choice(self) -> Part:
        parts = [self._sequence()]
        while self._skip("|"):
            parts.append(self._sequence())
        return parts[0] if len(parts) == 1 else Choice(parts)

    def _sequence(self) -> Part:
        parts: list[Part] = []
        while self._next() not in ("", "|", ")", "$"):
            parts.append(self._repeated())
        return parts[0] if len(parts) == 1 else Sequence(parts)

    def _repeated(self) -> Part:
        part = self._single()
        while self._next() and self._next() in "*+?{":
            sign = self._take()
            counts = {"*": (0, None), "+": (1, None), "?": (0, 1)}
            fewest, most = self._counts() if sign == "{" else counts[sign]
            part = Repeat(part, fewest, most)
        return part

    def _counts(self) -> tuple[int, int | None]:
        """Return the numbers of ``{m}``, ``{m,}``, ``{,n}`` or ``{m,n}``."""
        end = self.expression.find("}", self.place)
        content = self.expression[self.place : end]
        first, comma, second = content.partition(",")
        numbers = [first or "0", second] if comma else [first, first]
        if end < 0 or not all(n.isdecimal() for n in numbers if n) or not numbers[0]:
            raise self._error("{ needs one or two numbers and }")
        fewest, most = int(numbers[0]), int(numbers[1]) if numbers[1] else None
        if max(fewest, most or 0) > LARGEST_COUNT or (most is not None and most < fewest):
            raise self._error(f"{{{content}}} is no range of counts up to {LARGEST_COUNT}")
        self.place = end + 1
        return fewest, most

    def _single(self) -> Part:
        character = self._take()
        if character == "(":
            if self._skip("?") and not self._skip(":"):
                raise self._error("(? is not supported")
            part = self._choice()
            if not self._skip(")"):
                raise self._error("a ) is missing")
            return part
        if character == "[":
            return OneOf(self._set())
        if character == ".":
            return OneOf(frozenset(self.alphabet))
        if character == "\\":
            return OneOf(self._escaped())
        if character in SPECIAL:
            self.place -= 1
            raise self._error(f"{character!r} is not expected")
        return OneOf(self._known({character}))

    def _escaped(self) -> frozenset[str]:
        r"""Return the characters of ``\d``, or the character after a backslash."""
        character = self._take()
        if character == "d":
            return frozenset(DIGITS) & frozenset(self.alphabet)
        if character.isalnum():
            raise self._error(f"\\{character} is not supported")
        return self._known({character})

    def _set(self) -> frozenset[str]:
        """Return the characters of ``[...]`` or ``[^...]``."""
        inverted = self._skip("^")
        characters: set[str] = set()
        while not self._skip("]"):
            character = self._take()
            if character == "\\":
                characters |= self._escaped()
                continue
            last = character
            if self._next() == "-" and self.expression[self.place + 1 : self.place + 2] != "]":
                self.place += 1
                last = self._take()
            characters |= {chr(code) for code in range(ord(character), ord(last) + 1)}
        if inverted:
            return frozenset(self.alphabet) - characters
        return self._known(characters)

    def _known(self, characters: set[str]) -> frozenset[str]:
        unknown = sorted(characters - set(self.alphabet))
        if unknown:
            raise self._error(f"{unknown[0]!r} is not in the alphabet {self.alphabet!r}")
        return frozenset(characters)
