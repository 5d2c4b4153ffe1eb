"""Tells in no time that a text holds none of many words: the look that saves a costlier one.

Python tries a regular expression of five hundred words at each letter of a text, one word after the other; an automaton
reads the text once. So each large expression has a Gate with the same words and looser surroundings, and is tried only
where the gate lets a text through.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import re2

#: Letters that regular expressions take for one another where case does not matter, and RE2 does not.
_I = "[iIıİ]"
#: White space as ``\s`` has it, of which RE2's own knows the ASCII part only.
SPACE = r"[\s\p{Z}\x{1c}-\x{1f}\x{85}]"
#: Bytes that an automaton may take: enough for all states that our words need, of which few are ever made.
_MEMORY = 64 * 1024 * 1024


class Gate:
    """Patterns in the syntax of RE2, case-insensitive, that are looked for all at once."""

    def __init__(self, *patterns: str) -> None:
        options = re2.Options()
        options.case_sensitive = False
        options.max_mem = _MEMORY
        self._set = re2.Set.SearchSet(options)
        for pattern in patterns:
            self._set.Add(pattern)
        self._set.Compile()
        self._all = tuple(range(len(patterns)))

    def found(self, text: str) -> Sequence[int]:
        """The numbers of the patterns that ``text`` holds; all of them where it cannot be read."""
        try:
            return self._set.Match(text) or ()
        except UnicodeEncodeError:  # a lone surrogate
            return self._all


def any_of(words: Iterable[str]) -> str:
    """A pattern of words, any white space between the parts of one."""
    return f"(?:{'|'.join(sorted(map(_spelled, words)))})"


def _spelled(word: str) -> str:
    parts = ("".join(_I if letter in _I else re2.escape(letter) for letter in part) for part in word.split(" "))
    return SPACE.join(parts)
