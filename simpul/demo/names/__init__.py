"""Made-up people of Jember: their names, families, numbers, villages and complaints.

Nobody here exists. Names are common parts put together by chance; numbers lie in ranges chosen so
that they belong to no one (see ``people``). Village names are public facts.
"""

from simpul.demo.names.complaints import Complaint, list_complaints, pick_complaint
from simpul.demo.names.people import MadeUpPerson, make_family, make_person
from simpul.demo.names.villages import Village, list_villages

__all__ = [
    "Complaint",
    "MadeUpPerson",
    "Village",
    "list_complaints",
    "list_villages",
    "make_family",
    "make_person",
    "pick_complaint",
]
