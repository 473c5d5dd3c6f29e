"""`/pengaturan`: the facility and its codes, its units, its accounts.

Forms are plain posts that end in a redirect; a refusal shows the same page with what was typed.
"""

import uuid

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from simpul.foundation.administration import selectors
from simpul.foundation.administration.accounts import (
    change_own_password,
    change_roles,
    close_account,
    reopen_account,
    set_password,
)
from simpul.foundation.administration.forms import (
    AccountForm,
    FacilityForm,
    OwnPasswordForm,
    PasswordForm,
    RolesForm,
    ServiceForm,
    UnitForm,
)
from simpul.foundation.administration.services import (
    NewAccount,
    change_facility,
    change_unit,
    open_account,
    password_problems,
)
from simpul.foundation.core.errors import Conflict, Refused, Stale
from simpul.foundation.staff.acting import acting
from simpul.foundation.staff.actor import Actor


@require_http_methods(["GET", "POST"])
def facility(request: HttpRequest) -> HttpResponse:
    """Name, address and official codes of the house."""
    by = acting(request)
    row = selectors.get_facility(by=by)
    form = FacilityForm(request.POST if request.method == "POST" else None, initial=vars(row))
    status = 200
    if form.is_bound and form.is_valid():
        try:
            change_facility(by=by, seen_version=form.cleaned_data.get("version"), **form.values())
        except Refused as refusal:
            form.take(refusal)
            status = 422
        except Stale as stale:
            # What was typed stays; saving once more is then a decision about the newer version.
            form.data = {**request.POST.dict(), "version": str(stale.extra["current_version"])}
            form.add_error(None, stale.message)
            status = 412
        else:
            messages.success(request, _("Data Puskesmas tersimpan."))
            return redirect("pengaturan")
    elif form.is_bound:
        status = 422
    context = {"form": form, "tab": "facility"}
    return render(request, "administration/facility.html", context, status=status)


@require_GET
def units(request: HttpRequest) -> HttpResponse:
    """The units: queue letter, name, room, open or closed."""
    return _units(request, acting(request))


@require_POST
def unit(request: HttpRequest, code: str) -> HttpResponse:
    """Change one unit."""
    by = acting(request)
    form = UnitForm(request.POST)
    if not form.is_valid():
        return _units(request, by, code, form)
    try:
        changed = change_unit(code, by=by, **form.cleaned_data)
    except Refused as refusal:
        form.take(refusal)
        return _units(request, by, code, form)
    messages.success(request, _("%(unit)s tersimpan.") % {"unit": changed.name})
    return redirect("pengaturan-unit")


def _units(
    request: HttpRequest, by: Actor, code: str = "", form: UnitForm | None = None
) -> HttpResponse:
    rows = [
        {
            "unit": row,
            "form": form
            if row.code == code and form is not None
            else UnitForm(initial={"prefix": row.prefix, "name": row.name, "room": row.room}),
            "is_open": form["is_open"].value()
            if row.code == code and form is not None
            else row.is_open,
        }
        for row in selectors.list_units(by=by)
    ]
    return render(
        request,
        "administration/units.html",
        {"rows": rows, "tab": "units", "refused": form},
        status=422 if form is not None else 200,
    )


@require_GET
def accounts(request: HttpRequest) -> HttpResponse:
    """Everybody who can sign in, and the programs with a token."""
    rows = selectors.list_accounts(by=acting(request))
    return render(request, "administration/accounts.html", {"accounts": rows, "tab": "accounts"})


@sensitive_post_parameters("password", "password_again")
@require_http_methods(["GET", "POST"])
def new_account(request: HttpRequest) -> HttpResponse:
    """Give a person an account."""
    by = acting(request)
    selectors.get_facility(by=by)
    form = AccountForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        typed = form.cleaned_data
        try:
            again = password_problems(typed["password"], typed["password_again"])
            made = open_account(
                NewAccount(
                    name=typed["name"],
                    username=typed["username"],
                    # Two different PINs cannot be the one meant; the service says the rest.
                    password="" if again else typed["password"],
                    roles=tuple(typed["roles"]),
                    units=tuple(typed["units"]),
                    profession=typed["profession"],
                ),
                by=by,
            )
        except Refused as refusal:
            known = [p for p in refusal.errors if not p.where.startswith("password")]
            form.take(Refused(refusal.message, refusal.code, errors=(*known, *again)))
        else:
            messages.success(
                request,
                _("Akun “%(name)s” dibuat. Beri tahu PIN-nya langsung kepada orangnya.")
                % {"name": made.username},
            )
            return redirect("pengaturan-akun")
    context = {"form": form, "tab": "accounts"}
    status = 422 if form.is_bound else 200
    return render(request, "administration/new_account.html", context, status=status)


@require_GET
def account(request: HttpRequest, account: uuid.UUID) -> HttpResponse:
    """One account: its roles, a new PIN, closed or open."""
    return _account(request, acting(request), account)


@require_POST
def account_roles(request: HttpRequest, account: uuid.UUID) -> HttpResponse:
    """Give a person other roles."""
    by = acting(request)
    form = RolesForm(request.POST)
    if form.is_valid():
        try:
            change_roles(account, by=by, **form.cleaned_data)
        except Refused as refusal:
            form.take(refusal)
        except Conflict as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Peran tersimpan dan langsung berlaku."))
            return redirect("akun", account=account)
    return _account(request, by, account, roles=form)


@sensitive_post_parameters("password", "password_again")
@require_POST
def account_password(request: HttpRequest, account: uuid.UUID) -> HttpResponse:
    """Give a person a new PIN."""
    by = acting(request)
    form = PasswordForm(request.POST)
    if form.is_valid():
        try:
            set_password(
                account,
                password=form.cleaned_data["password"],
                again=form.cleaned_data["password_again"],
                by=by,
            )
        except Refused as refusal:
            form.take(refusal)
        else:
            messages.success(
                request, _("PIN baru berlaku; yang lama tidak. Akun tidak lagi terkunci.")
            )
            return redirect("akun", account=account)
    return _account(request, by, account, password=form)


@sensitive_post_parameters("current", "password", "password_again")
@require_http_methods(["GET", "POST"])
def own_password(request: HttpRequest) -> HttpResponse:
    """Everybody's own PIN: the old one, and the new one twice."""
    by = acting(request)
    form = OwnPasswordForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        typed = form.cleaned_data
        try:
            account = change_own_password(
                current=typed["current"],
                password=typed["password"],
                again=typed["password_again"],
                by=by,
            )
        except Refused as refusal:
            form.take(refusal)
        else:
            if hasattr(request, "session"):
                update_session_auth_hash(request, account)
            messages.success(request, _("PIN baru Anda berlaku mulai sekarang."))
            return redirect("own-password")
    context = {"form": form, "username": by.username}
    status = 422 if form.is_bound else 200
    return render(request, "administration/own_password.html", context, status=status)


@require_POST
def account_close(request: HttpRequest, account: uuid.UUID) -> HttpResponse:
    """Close an account."""
    row = close_account(account, by=acting(request))
    messages.success(request, _("Akun “%(name)s” ditutup.") % {"name": row.username})
    return redirect("akun", account=account)


@require_POST
def account_reopen(request: HttpRequest, account: uuid.UUID) -> HttpResponse:
    """Open a closed account again."""
    row = reopen_account(account, by=acting(request))
    messages.success(request, _("Akun “%(name)s” dibuka lagi.") % {"name": row.username})
    return redirect("akun", account=account)


def _account(
    request: HttpRequest,
    by: Actor,
    account: uuid.UUID,
    *,
    roles: ServiceForm | None = None,
    password: ServiceForm | None = None,
) -> HttpResponse:
    line = selectors.get_account(account, by=by)
    refused = roles or password
    return render(
        request,
        "administration/account.html",
        {
            "account": line,
            "roles": roles or RolesForm(initial={"roles": line.roles, "units": line.units}),
            "password": password or PasswordForm(),
            "tab": "accounts",
        },
        status=422 if refused is not None else 200,
    )
