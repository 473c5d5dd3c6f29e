"""Addresses of the pages of `workload`."""

from django.urls import URLPattern, path

from simpul.planning.workload import observing_views, views

urlpatterns: list[URLPattern] = [
    path("perencanaan/waktu", views.times, name="waktu"),
    path("perencanaan/waktu/banding", views.compared, name="waktu-banding"),
    path(
        "perencanaan/waktu/<slug:unit>/<slug:activity>/<slug:category>",
        views.one_time,
        name="waktu-rinci",
    ),
    path("pengamatan", observing_views.observe, name="pengamatan"),
    path("pengamatan/keadaan", observing_views.state, name="pengamatan-keadaan"),
    path("pengamatan/kirim", observing_views.receive, name="pengamatan-kirim"),
    path("pengamatan/kegiatan", observing_views.activities, name="pengamatan-kegiatan"),
    path("pengamatan/kegiatan/<uuid:activity>", observing_views.activity, name="pengamatan-ubah"),
    path("pengamatan/contoh", observing_views.templates, name="pengamatan-contoh"),
    path("pengamatan-sw.js", observing_views.worker, name="pengamatan-sw"),
]
