"""Addresses of the pages of `allocation`: moves, what if, scenarios."""

from django.urls import URLPattern, path

from simpul.planning.allocation import scenario_views, views, whatif_views

WHAT_IF = "perencanaan/bagaimana-jika"

urlpatterns: list[URLPattern] = [
    path("perencanaan/pemindahan", views.moves, name="relokasi"),
    path("perencanaan/pemindahan/unduh", views.download, name="relokasi-unduh"),
    path(WHAT_IF, whatif_views.page, name="bagaimana-jika"),
    path(f"{WHAT_IF}/simpan", whatif_views.save, name="skenario-simpan"),
    path(f"{WHAT_IF}/skenario", scenario_views.scenarios, name="skenario"),
    path(f"{WHAT_IF}/bandingkan", scenario_views.compare, name="skenario-banding"),
    path(f"{WHAT_IF}/skenario/<uuid:scenario>/nama", scenario_views.rename, name="skenario-nama"),
    path(
        f"{WHAT_IF}/skenario/<uuid:scenario>/arsip", scenario_views.archive, name="skenario-arsip"
    ),
]
