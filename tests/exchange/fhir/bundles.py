"""Bundles of a made-up hospital; nobody in them exists."""

import copy
import json
from typing import Any

NIK = "3509195203850001"

PATIENT: dict[str, Any] = {
    "resourceType": "Patient",
    "id": "p1",
    "identifier": [
        {"system": "https://fhir.kemkes.go.id/id/nik", "value": NIK},
        {"system": "http://sys-ids.kemkes.go.id/mrn/1000001", "value": "RSX-77"},
    ],
    "name": [{"use": "official", "text": "SITI CONTOH"}],
    "gender": "female",
    "birthDate": "1985-03-12",
    "telecom": [{"system": "phone", "value": "081234567890"}],
    "address": [{"line": ["Jl. Contoh 1"], "city": "Jember", "district": "Ambulu"}],
    "contact": [
        {
            "relationship": [{"coding": [{"code": "MTH"}]}],
            "name": {"text": "MARYAM"},
        }
    ],
}
ENCOUNTER = {
    "resourceType": "Encounter",
    "id": "e1",
    "status": "finished",
    "class": {"code": "AMB"},
    "subject": {"reference": "Patient/p1"},
    "period": {"start": "2025-05-06T08:00:00+07:00"},
    "serviceProvider": {"display": "RS Contoh"},
}
CONDITION = {
    "resourceType": "Condition",
    "id": "c1",
    "clinicalStatus": {"coding": [{"code": "active"}]},
    "code": {"coding": [{"code": "I10", "display": "Essential hypertension"}]},
    "subject": {"reference": "urn:uuid:11111111-1111-4111-8111-111111111111"},
    "recordedDate": "2025-05-06",
}
PRESSURE = {
    "resourceType": "Observation",
    "id": "o1",
    "status": "final",
    "code": {"text": "Tekanan darah"},
    "subject": {"reference": "Patient/p1"},
    "effectiveDateTime": "2025-05-06T08:10:00+07:00",
    "component": [
        {"code": {"text": "Sistolik"}, "valueQuantity": {"value": 168, "unit": "mmHg"}},
        {"code": {"text": "Diastolik"}, "valueQuantity": {"value": 94, "unit": "mmHg"}},
    ],
}
ALLERGY = {
    "resourceType": "AllergyIntolerance",
    "id": "a1",
    "patient": {"reference": "Patient/p1"},
    "code": {"text": "Penisilin"},
    "category": ["medication"],
    "recordedDate": "2021-01-02",
    "reaction": [{"manifestation": [{"text": "gatal"}]}],
}
OTHER = {
    "resourceType": "ImagingStudy",
    "id": "i1",
    "status": "available",
    "subject": {"reference": "Patient/p1"},
    "started": "2025-05-06",
    "numberOfSeries": 3,
}


def bundle(*resources: dict[str, Any]) -> bytes:
    """Return a bundle of these; a Patient p1 also has the address others may use."""
    entries = []
    for resource in resources:
        entry: dict[str, Any] = {"resource": copy.deepcopy(resource)}
        if resource.get("id") == "p1":
            entry["fullUrl"] = "urn:uuid:11111111-1111-4111-8111-111111111111"
        entries.append(entry)
    content = {"resourceType": "Bundle", "type": "transaction", "entry": entries}
    return json.dumps(content).encode()


WHOLE = bundle(PATIENT, ENCOUNTER, CONDITION, PRESSURE, ALLERGY, OTHER)
