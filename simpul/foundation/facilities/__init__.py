"""Where things happen: facility, service unit, room, village.

Reads and writes `facilities_*`. A facility carries its real codes (SATUSEHAT, kode sarana,
registrasi, BPJS) in separate fields; a unit carries its cluster, its queue letter and its room.
"""
