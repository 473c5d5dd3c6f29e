"""Shape of the settings forms. What is allowed is decided by the services."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from simpul.foundation.core.errors import Refused
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.staff.models import Role


class ServiceForm(forms.Form):
    """A form that shows a service's refusal at the fields it is about."""

    def take(self, refusal: Refused) -> None:
        """Put each problem of a refusal beside its field; the others on top."""
        for problem in refusal.errors:
            self.add_error(
                problem.where if problem.where in self.fields else None, str(problem.message)
            )


class FacilityForm(ServiceForm):
    """Name, address and the four official codes of the facility."""

    name = forms.CharField(label=_("Nama Puskesmas"), required=False)
    address = forms.CharField(label=_("Alamat"), required=False)
    phone = forms.CharField(label=_("Telepon"), required=False)
    satusehat_id = forms.CharField(
        label=_("ID SATUSEHAT"), required=False, help_text=_("10 angka (ID organisasi).")
    )
    kode_sarana = forms.CharField(
        label=_("Kode sarana"),
        required=False,
        help_text=_("11 angka, dari daftar sarana Kemenkes."),
    )
    registration_code = forms.CharField(
        label=_("Kode registrasi"), required=False, help_text=_("7–11 angka, nomor Puskesmas.")
    )
    bpjs_provider_code = forms.CharField(
        label=_("Kode BPJS"), required=False, help_text=_("8 huruf atau angka, kode faskes BPJS.")
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def values(self) -> dict[str, str]:
        """Return what the service takes."""
        return {field: text for field, text in self.cleaned_data.items() if field != "version"}


class UnitForm(ServiceForm):
    """Queue letter, name, room of one unit, and whether it is open."""

    prefix = forms.CharField(required=False)  # type: ignore[assignment]  # declared, not set
    name = forms.CharField(required=False)
    room = forms.CharField(required=False)
    is_open = forms.BooleanField(required=False)

    def clean_prefix(self) -> str:
        """Letters are written large; `a` is meant as `A`."""
        return str(self.cleaned_data["prefix"]).strip().upper()


def _role_choices() -> list[tuple[str, Any]]:
    return list(Role.choices)


def _unit_choices() -> list[tuple[str, str]]:
    return [(unit.code, unit.name) for unit in get_here().units.values()]


class RolesForm(ServiceForm):
    """Which roles a person has, and in which units (none chosen: in all)."""

    roles = forms.MultipleChoiceField(
        choices=_role_choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Pilih peran dari daftar.")},
    )
    units = forms.MultipleChoiceField(
        choices=_unit_choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Pilih unit dari daftar.")},
    )


class PasswordForm(ServiceForm):
    """A new PIN or password, typed twice; spaces at its ends belong to it."""

    password = forms.CharField(
        label=_("PIN atau kata sandi baru"),
        required=False,
        strip=False,
        widget=forms.PasswordInput,
        help_text=_("Paling sedikit 6 angka atau huruf; deret seperti 123456 ditolak."),
    )
    password_again = forms.CharField(
        label=_("Sekali lagi"), required=False, strip=False, widget=forms.PasswordInput
    )


class OwnPasswordForm(PasswordForm):
    """A person's own new PIN, with the one that is in use now."""

    current = forms.CharField(
        label=_("PIN atau kata sandi sekarang"),
        required=False,
        strip=False,
        widget=forms.PasswordInput,
    )


class AccountForm(RolesForm, PasswordForm):
    """A new person with an account."""

    name = forms.CharField(label=_("Nama lengkap"), required=False, max_length=120)
    username = forms.CharField(
        label=_("Nama pengguna"),
        required=False,
        help_text=_("Huruf kecil tanpa spasi, misalnya dewi."),
    )
    profession = forms.CharField(
        label=_("Profesi"), required=False, max_length=40, help_text=_("misalnya Perawat, Bidan")
    )
