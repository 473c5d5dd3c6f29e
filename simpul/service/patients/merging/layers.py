"""Values taken over by merges lie on each other like layers; any of them can be taken away.

The lowest layer's `before` is what the record said itself. Taking a layer from the middle hands its
`before` to the layer above it, so that whatever the order of undoing, the record ends up saying
what it said before the first merge. What a person corrected in between is nobody's layer: it stays.
"""

from simpul.foundation.journal.acts import Act
from simpul.service.patients.merging.fields import BY_KEY, Values
from simpul.service.patients.merging.models import Merge
from simpul.service.patients.models import Patient


def lift(this: Act, merge: Merge, key: str, row: Patient) -> tuple[Values | None, bool]:
    """Take away what a merge put into one group of the survivor's fields.

    Returns the values the row should get back (None where it stays as it is), and whether a
    person's later correction was found and left.
    """
    layer = merge.chosen[key]
    above = _next_above(merge, key)
    if above is not None:
        if above.chosen[key]["before"] != layer["after"]:
            return None, True
        above.chosen = {
            **above.chosen,
            key: {"before": layer["before"], "after": above.chosen[key]["after"]},
        }
        this.update(above, "chosen")
        return None, False
    if BY_KEY[key].read(row) != layer["after"]:
        return None, True
    return layer["before"], False


def _next_above(merge: Merge, key: str) -> Merge | None:
    """The next later merge into the same record that still holds a layer of this group."""
    later = Merge.objects.filter(
        survivor_id=merge.survivor_id, undone_at__isnull=True, place__gt=merge.place
    ).order_by("place")
    return next((one for one in later if key in one.chosen), None)
