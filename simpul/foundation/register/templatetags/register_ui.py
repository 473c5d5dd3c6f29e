"""What the register's templates need beside the tags of the shell."""

from django import template

from simpul.domain.professions import profession_name
from simpul.foundation.register.models import StaffMember

register = template.Library()


@register.filter
def profession_of(member: StaffMember) -> str:
    """Write a person's profession in words."""
    return profession_name(member.profession)
