"""A whole filter, apart from what its terms are made of.

Every list and report takes a filter, and most of them an empty one, which loads nothing else.
"""

# Annotations are real, not texts: a NamedTuple would compile each text anew at every start.

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from scorecli.domain.filter_tree import Node


class Filter(NamedTuple):
    """A filter over one subject; ``terms`` must all hold, none at all selects everything."""

    subject: str
    terms: tuple["Node", ...]

    @property
    def is_empty(self) -> bool:
        """True when the filter selects everything."""
        return not self.terms
