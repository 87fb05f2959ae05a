"""Pattern: the automaton of a regular expression or of a number of characters.

It has places, and for each place the place that a character leads to. A beam search drops a
beginning as soon as no text of the pattern begins with it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from ._pattern_syntax import Choice, OneOf, Part, Sequence, parse

MOST_PLACES = 2_000
"""A pattern whose automaton has more places is refused."""


class Pattern:
    """An automaton over an alphabet; a text begins at place 0, and a character has code 1 or more.

    >>> pattern = Pattern(parse("[12]5*", "0123456789"), "0123456789")
    >>> pattern.accepts(pattern.after(0, 2)), pattern.after(0, 6)  # "1", and "5"
    (True, None)
    """

    def __init__(self, part: Part, alphabet: str) -> None:
        graph = _Graph()
        first = graph.add_state()
        self._last = graph.add(part, first)
        self._states: list[frozenset[int]] = [graph.closure({first})]
        self._following: list[dict[int, int]] = []
        known = {self._states[0]: 0}
        for states in self._states:  # grows while it is read
            following = {}
            for code, character in enumerate(alphabet, start=1):
                moved = graph.closure(graph.moved(states, character))
                if moved and moved not in known:
                    known[moved] = len(self._states)
                    self._states.append(moved)
                if moved:
                    following[code] = known[moved]
            self._following.append(following)
            if len(self._states) > MOST_PLACES:
                raise ValueError(
                    f"pattern has more than {MOST_PLACES:,} places: use smaller counts in {{m,n}}."
                )
        self._alive = self._with_an_end()

    def __len__(self) -> int:
        return len(self._states)

    def _with_an_end(self) -> set[int]:
        """Return the places from which a text of the pattern can be completed."""
        alive = {place for place in range(len(self)) if self.accepts(place)}
        n_before = 0
        while n_before < len(alive):
            n_before = len(alive)
            alive |= {k for k, to in enumerate(self._following) if alive & set(to.values())}
        return alive

    def after(self, place: int, code: int) -> int | None:
        """Return the place after a character; None if no text of the pattern continues so."""
        target = self._following[place].get(code)
        return target if target in self._alive else None

    def accepts(self, place: int) -> bool:
        """Return whether a text may end at a place."""
        return self._last in self._states[place]


@lru_cache(maxsize=32)
def compiled(pattern: Any, alphabet: str) -> Pattern | None:
    r"""Return the automaton of an expression or of a number of characters; None for None.

    >>> len(compiled(r"\d{2,3}", "0123456789")), len(compiled(2, "01"))
    (4, 3)
    """
    if pattern is None:
        return None
    if isinstance(pattern, bool) or not isinstance(pattern, int | str):
        raise TypeError(
            f"pattern={pattern!r} is of type {type(pattern).__name__}: pass a regular expression "
            "or a number of characters."
        )
    if isinstance(pattern, int) and pattern < 0:
        raise ValueError(f"pattern={pattern} is a negative number of characters: pass 0 or more.")
    expression = f".{{{pattern}}}" if isinstance(pattern, int) else pattern
    return Pattern(parse(expression, alphabet), alphabet)


class _Graph:
    """States, with the steps between them that need a character and those that need none."""

    def __init__(self) -> None:
        self.free: list[set[int]] = []
        self.on: list[list[tuple[frozenset[str], int]]] = []

    def add_state(self) -> int:
        self.free.append(set())
        self.on.append([])
        return len(self.free) - 1

    def add(self, part: Part, first: int) -> int:
        """Add the states of a part behind a state; return the state in which the part ends."""
        if isinstance(part, OneOf):
            last = self.add_state()
            self.on[first].append((part.characters, last))
            return last
        if isinstance(part, Sequence):
            for one in part.parts:
                first = self.add(one, first)
            return first
        if isinstance(part, Choice):
            ends = [self.add(one, self._behind(first)) for one in part.parts]
            last = self.add_state()
            for end in ends:
                self.free[end].add(last)
            return last
        for _ in range(part.fewest):
            first = self.add(part.part, first)
        if part.most is None:
            loop = self._behind(first)
            self.free[self.add(part.part, loop)].add(loop)
            return self._behind(loop)
        last = self.add_state()
        for _ in range(part.most - part.fewest):
            self.free[first].add(last)
            first = self.add(part.part, self._behind(first))
        self.free[first].add(last)
        return last

    def _behind(self, state: int) -> int:
        """Add a state behind another one."""
        new = self.add_state()
        self.free[state].add(new)
        return new

    def closure(self, states: set[int]) -> frozenset[int]:
        """Return the states that are reached without a character."""
        reached, waiting = set(states), list(states)
        while waiting:
            new = self.free[waiting.pop()] - reached
            reached |= new
            waiting.extend(new)
        return frozenset(reached)

    def moved(self, states: frozenset[int], character: str) -> set[int]:
        """Return the states after a character."""
        return {to for state in states for allowed, to in self.on[state] if character in allowed}
