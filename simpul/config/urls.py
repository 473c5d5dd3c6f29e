"""Every address of the program, step by step."""

from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from simpul.config import home, leaving
from simpul.config.api import api
from simpul.config.api_docs import api_docs
from simpul.web import certificate_views as certificates
from simpul.web import views as web

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("tidak-ada-halaman", home.nothing_here, name="nothing-here"),
    path("masuk", web.sign_in, name="sign-in"),
    path("keluar", leaving.sign_out, name="sign-out"),
    path("mulai", web.first_start, name="first-start"),
    path("bahasa", set_language, name="set_language"),
    path("live", web.live, name="live"),
    path("health", web.health, name="health"),
    path("pasang-sertifikat", certificates.install, name="pasang-sertifikat"),
    path("simpul-ca.crt", certificates.authority, name="berkas-sertifikat"),
    path("api/docs", api_docs, name="api-docs"),
    path("api/v1/", api.urls),
    path("", include("simpul.config.system.urls")),
    path("", include("simpul.foundation.administration.urls")),
    path("", include("simpul.foundation.register.urls")),
    path("", include("simpul.foundation.printing.urls")),
    path("", include("simpul.foundation.backups.urls")),
    path("", include("simpul.service.patients.urls")),
    path("", include("simpul.service.patients.merging.urls")),
    path("", include("simpul.service.patients.numbers.urls")),
    path("", include("simpul.service.patients.importing.urls")),
    path("", include("simpul.service.registration.urls")),
    path("", include("simpul.service.registration.placement.urls")),
    path("", include("simpul.service.registration.booking.urls")),
    path("", include("simpul.service.distribution.urls")),
    path("", include("simpul.service.distribution.calling.urls")),
    path("", include("simpul.service.distribution.closing.urls")),
    path("", include("simpul.service.distribution.offline.urls")),
    path("", include("simpul.service.distribution.offline.shell_urls")),
    path("", include("simpul.service.care.urls")),
    path("", include("simpul.service.completeness.urls")),
    path("", include("simpul.service.filing.urls")),
    path("", include("simpul.exchange.fhir.urls")),
    path("", include("simpul.exchange.sync.urls")),
    path("", include("simpul.exchange.hub.urls")),
    path("", include("simpul.exchange.district.urls")),
    path("", include("simpul.planning.norms.urls")),
    path("", include("simpul.planning.workload.urls")),
    path("", include("simpul.planning.studies.urls")),
    path("", include("simpul.planning.gap.urls")),
    path("", include("simpul.planning.allocation.urls")),
    path("", include("simpul.planning.maps.urls")),
]

handler404 = "simpul.web.views.not_found"
handler400 = "simpul.config.api.bad_request"
handler500 = "simpul.config.api.server_fault"
