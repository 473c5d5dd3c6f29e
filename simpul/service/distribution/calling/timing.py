"""How long things may take between a press of F8 and a sentence in the waiting room."""

from datetime import timedelta

#: A call nobody heard within this time is not called out any more: the patient has been fetched,
#: or the room has called again. A television that starts late begins with what is younger.
FRESH = timedelta(minutes=3)
#: So long a call belongs to the television that took it: bell, twice the sentence, and a reserve.
LEASE = timedelta(seconds=40)
#: A television that begins and never ends (a cut cable, no power) gets this many chances.
MOST_TIMES = 3
#: A television without sound leaves a call this long to one that has sound.
SILENT_WAITS = timedelta(seconds=6)
#: After this the room is told that no television of its floor is on.
NO_SCREEN = timedelta(seconds=20)
#: After this the room is told that nobody has heard the call, although a television is on.
UNHEARD = timedelta(seconds=75)
#: A television asks for its turn every 8 seconds; one that missed two is off.
SCREEN_OFF = timedelta(seconds=20)
