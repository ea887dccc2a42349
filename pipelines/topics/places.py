"""Where several words stand together. A place is the number of a word in its text, from 0."""

from collections.abc import Sequence


def side_by_side(places: Sequence[Sequence[int]]) -> list[tuple[int, int]]:
    """The first and last place of each run in which every word follows the one before; in order."""
    followers = [frozenset(each) for each in places[1:]]
    return [
        (first, first + len(followers))
        for first in places[0]
        if all(first + nth in each for nth, each in enumerate(followers, start=1))
    ]


def near_by(places: Sequence[Sequence[int]], within: int) -> list[tuple[int, int]]:
    """The first and last place of each narrowest stretch that holds every word, if at most `within` apart.

    One place may serve two words that both fit it. Sorting apart, linear in the places: the stretch's end
    moves on, its beginning follows while every word is still held.
    """
    marked = sorted((place, word) for word, each in enumerate(places) for place in each)
    held = [0] * len(places)
    missing = len(places)
    first = 0
    found: list[tuple[int, int]] = []
    for place, word in marked:
        missing -= held[word] == 0
        held[word] += 1
        while held[marked[first][1]] > 1:
            held[marked[first][1]] -= 1
            first += 1
        begin = marked[first][0]
        if missing or place - begin > within or (found and found[-1][0] == begin):
            continue
        if found and found[-1][1] == place:
            found.pop()
        found.append((begin, place))
    return found
