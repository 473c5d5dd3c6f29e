"""String foreign keys follow the same order as imports, which import contracts cannot see."""

import pytest
from django.apps import apps
from django.db import models

# From the ground up; an app may point at itself and at what stands before it.
ORDER = (
    "core",
    "facilities",
    "staff",
    "journal",
    "printing",
    "backups",
    "register",
    "patients",
    "matching",
    "merging",
    "numbers",
    "importing",
    "registration",
    "booking",
    "placement",
    "distribution",
    "calling",
    "closing",
    "offline",
    "care",
    "completeness",
    "filing",
    "fhir",
    "sync",
    "hub",
    "district",
    "norms",
    "workload",
    "studies",
    "gap",
    "allocation",
    "maps",
)


def own_apps() -> list[str]:
    """The labels of our apps that have tables."""
    return [
        config.label
        for config in apps.get_app_configs()
        if config.name.startswith("simpul.") and list(config.get_models())
    ]


def links(model: type[models.Model]) -> list[tuple[str, str]]:
    """Every field of a model that points at a model of ours, with that model's app."""
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("simpul.")}
    fields = [*model._meta.local_fields, *model._meta.local_many_to_many]
    return [
        (field.name, field.related_model._meta.app_label)
        for field in fields
        if field.is_relation
        and isinstance(field.related_model, type)
        and field.related_model._meta.app_label in ours
    ]


def test_every_app_with_tables_has_its_place_in_the_order():
    assert set(own_apps()) <= set(ORDER), "add the new app to ORDER, from the ground up"


@pytest.mark.parametrize("label", ORDER)
def test_tables_point_back_never_forward(label: str):
    place = ORDER.index(label)
    wrong = [
        f"{model.__name__}.{field} → {target}"
        for model in apps.get_app_config(label).get_models()
        for field, target in links(model)
        if target not in ORDER[: place + 1]
    ]

    assert wrong == []


def test_the_walk_is_linked_at_all():
    """Guards the test above: if nothing were found, it would hold for nothing."""
    found = {
        (label, target)
        for label in ORDER
        for model in apps.get_app_config(label).get_models()
        for _, target in links(model)
    }

    assert ("registration", "patients") in found
    assert ("distribution", "registration") in found


def test_the_journal_points_at_no_row_that_may_be_elsewhere():
    """It keeps plain identifiers: an entry must outlive, and may arrive before, its subject."""
    pointing = [
        f"{model.__name__}.{field} → {target}"
        for model in apps.get_app_config("journal").get_models()
        for field, target in links(model)
        if target not in ("core", "journal")
    ]

    assert pointing == []
