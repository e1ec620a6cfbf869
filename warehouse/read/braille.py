"""Drawing with the dots of Braille letters: two across and four down in each letter of a terminal."""

from __future__ import annotations

#: The dot of a letter that stands for a place in it, by column and row from the top.
_DOTS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))
_EMPTY = 0x2800


class Canvas:
    """``width`` times ``height`` letters. Dots are counted from the left and from the bottom."""

    def __init__(self, width: int, height: int) -> None:
        self.columns, self.rows = 2 * width, 4 * height
        self._letters = [[0] * width for _ in range(height)]

    def dot(self, x: int, y: int) -> None:
        """Draw one dot; outside of the canvas there is none."""
        if 0 <= x < self.columns and 0 <= y < self.rows:
            row = self.rows - 1 - y
            self._letters[row // 4][x // 2] |= _DOTS[x % 2][row % 4]

    def line(self, x1: int, y1: int, x2: int, y2: int) -> None:
        """Draw a straight line, ends included."""
        steps = max(abs(x2 - x1), abs(y2 - y1), 1)
        for step in range(steps + 1):
            self.dot(round(x1 + (x2 - x1) * step / steps), round(y1 + (y2 - y1) * step / steps))

    def lines(self) -> list[str]:
        """What is drawn, from the top; empty letters are spaces."""
        return ["".join(chr(_EMPTY + dots) if dots else " " for dots in row) for row in self._letters]
