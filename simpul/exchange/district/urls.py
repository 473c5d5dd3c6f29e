"""The addresses of the district."""

from django.urls import URLPattern, path

from simpul.exchange.district import activity_views, attention_views, link_views, views

urlpatterns: list[URLPattern] = [
    path("dinas", views.freshness, name="dinas"),
    path("dinas/unduh", views.download, name="dinas-unduh"),
    path("dinas/hubungkan", views.enrol, name="dinas-hubungkan"),
    path("dinas/puskesmas/<uuid:facility>", views.facility, name="dinas-puskesmas"),
    path("dinas/puskesmas/<uuid:facility>/cabut", views.shut_out, name="dinas-cabut"),
    path("dinas/puskesmas/<uuid:facility>/lanjutkan", views.let_go_on, name="dinas-lanjutkan"),
    path("dinas/perlu-orang", attention_views.needs_a_person, name="dinas-perlu"),
    path("dinas/perlu-orang/coba-lagi", attention_views.try_again, name="dinas-coba-lagi"),
    path("dinas/perlu-orang/<int:park>/sisihkan", attention_views.set_aside, name="dinas-sisihkan"),
    path(
        "dinas/perlu-orang/<uuid:aside>/tunggu-lagi",
        attention_views.take_back,
        name="dinas-tunggu-lagi",
    ),
    path("dinas/kunjungan", activity_views.activity, name="dinas-kunjungan"),
    path("dinas/kunjungan/unduh", activity_views.download, name="dinas-kunjungan-unduh"),
    path("dinas/tautan", link_views.proposed, name="dinas-tautan"),
    path("dinas/tautan/keputusan", link_views.decisions, name="dinas-keputusan"),
    path("dinas/tautan/<uuid:link>/urungkan", link_views.undo, name="dinas-tautan-urungkan"),
    path("dinas/tautan/<uuid:first>/<uuid:second>", link_views.pair, name="dinas-pasangan"),
    path(
        "dinas/tautan/<uuid:first>/<uuid:second>/buka",
        link_views.open_identity,
        name="dinas-buka",
    ),
    path(
        "dinas/tautan/<uuid:first>/<uuid:second>/putuskan",
        link_views.decide_pair,
        name="dinas-putuskan",
    ),
]
