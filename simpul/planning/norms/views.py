"""`/perencanaan/standar`: the norms, shipped and own; add, edit, retire, every version kept."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from simpul.domain.norms import CATEGORIES, NormSet, Post
from simpul.domain.professions import PROFESSIONS, profession_name
from simpul.foundation.core.errors import Refused, SimpulError, Stale
from simpul.foundation.staff.acting import acting
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import may, require, require_home
from simpul.planning.norms import forms, selectors, services

#: What a copy of a norm does not take over: it is another norm, of another time.
_NOT_COPIED = ("code", "name", "valid_from", "valid_until", "note")


@require_GET
def norm_list(request: HttpRequest) -> HttpResponse:
    """All norms, each with where it stands and when it holds."""
    by = acting(request)
    views = selectors.list_norms(by=by)
    context = {
        "shipped": [view for view in views if view.is_shipped],
        "district": [view for view in views if view.is_district],
        "own": [view for view in views if not (view.is_shipped or view.is_district)],
        "may_input": may(by, "input", "planning"),
    }
    return render(request, "norms/list.html", context)


@require_GET
def norm_page(request: HttpRequest, code: str) -> HttpResponse:
    """One norm: its source, its posts as a table, its versions."""
    by = acting(request)
    asked = request.GET.get("versi", "")
    version = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else None
    view = selectors.get_norm(code, by=by, version=version)
    versions = [] if view.is_shipped else selectors.list_versions(code, by=by)
    newest = versions[0].norm.version if versions else view.norm.version
    context = {
        "view": view,
        "norm": view.norm,
        "posts": [_post_words(post) for post in view.norm.posts],
        "categories": _category_words(view.norm.categories),
        "versions": versions,
        "is_newest": view.norm.version == newest,
        "may_change": not (view.is_shipped or view.is_district) and may(by, "correct", "planning"),
        "may_copy": may(by, "input", "planning"),
    }
    return render(request, "norms/norm.html", context)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Add a norm, from nothing or as a copy of another."""
    by = acting(request)
    require(by, "input", "planning")
    require_home(by)
    if request.method == "GET":
        source = request.GET.get("dari", "")
        copied = selectors.get_norm(source, by=by).norm if source else None
        form = forms.form_of(copied)
        if copied is not None:
            facts = {**form.facts, **dict.fromkeys(_NOT_COPIED, "")}
            form = forms.NormForm(facts, form.lines)
        return _form(request, form, copied_from=copied)
    form = forms.typed_form(request.POST)
    if "lines" in request.POST:
        return _form(request, forms.more_lines(form))
    try:
        norm = services.add_norm(forms.data_of(form), by=by)
    except Refused as refused:
        return _form(request, forms.with_problems(form, refused.errors), refused=refused)
    messages.success(request, _("Standar %(name)s ditambahkan.") % {"name": norm.name})
    return redirect("norma-lihat", code=norm.code)


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, code: str) -> HttpResponse:
    """Edit an own norm; saving makes a new version."""
    by = acting(request)
    require(by, "correct", "planning")
    require_home(by)
    now = _own(code, by)
    if request.method == "GET":
        return _form(request, forms.form_of(now.norm), norm=now.norm)
    form = forms.typed_form(request.POST)
    if "lines" in request.POST:
        return _form(request, forms.more_lines(form), norm=now.norm)
    try:
        norm = services.change_norm(code, forms.data_of(form), seen=_seen(request), by=by)
    except (Refused, Stale) as refused:
        return _form(
            request, forms.with_problems(form, refused.errors), norm=now.norm, refused=refused
        )
    messages.success(
        request,
        _("%(name)s disimpan sebagai versi %(number)d; versi lama tetap ada.")
        % {"name": norm.name, "number": norm.version},
    )
    return redirect("norma-lihat", code=code)


@require_POST
def retire(request: HttpRequest, code: str) -> HttpResponse:
    """Take an own norm out of the choices, or put it back."""
    by = acting(request)
    require(by, "correct", "planning")
    require_home(by)
    if "kembali" in request.POST:
        services.restore_norm(code, seen=_seen(request), by=by)
        messages.success(request, _("Standar ini dipakai lagi."))
    else:
        services.retire_norm(code, seen=_seen(request), by=by)
        messages.success(
            request,
            _("Standar ini tidak lagi muncul di pilihan; hitungan lama tetap dapat dibaca."),
        )
    return redirect("norma-lihat", code=code)


def _own(code: str, by: Actor) -> selectors.NormView:
    view = selectors.get_norm(code, by=by)
    if view.is_shipped:
        raise Refused(
            _("Standar bawaan tidak dapat diubah. Salin dulu, lalu ubah salinannya."),
            "norm_shipped",
        )
    if view.is_district:
        raise Refused(
            _("Standar Dinas tidak dapat diubah di sini. Salin dulu, lalu ubah salinannya."),
            "norm_of_district",
        )
    return view


def _seen(request: HttpRequest) -> int:
    text = str(request.POST.get("seen", ""))
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def _form(
    request: HttpRequest,
    form: forms.NormForm,
    *,
    norm: NormSet | None = None,
    copied_from: NormSet | None = None,
    refused: SimpulError | None = None,
) -> HttpResponse:
    seen = norm.version if norm else 0
    if refused is not None and isinstance(refused, Refused):
        seen = _seen(request) or seen
    context = {
        "form": form,
        "norm": norm,
        "copied_from": copied_from,
        "refused": refused,
        "seen": seen,
        "per_options": forms.per_options(),
        "professions": list(PROFESSIONS.values()),
        "categories": list(CATEGORIES.values()),
    }
    return render(request, "norms/form.html", context, status=422 if refused else 200)


def _post_words(post: Post) -> dict[str, str]:
    per = dict(forms.per_options())[post.per]
    inpatient = {None: _("semua"), True: _("rawat inap"), False: _("nonrawat inap")}
    many = str(post.count) if post.high is None else f"{post.count}–{post.high}"
    names = [profession_name(code) for code in post.professions]
    return {
        "label": post.label,
        "professions": _(" atau ").join(names),
        "count": many,
        "per": per,
        "categories": _category_words(post.categories),
        "inpatient": inpatient[post.inpatient],
    }


def _category_words(codes: tuple[str, ...]) -> str:
    return ", ".join(CATEGORIES[code].lower() for code in codes) if codes else _("semua")
