"""Why somebody moves, why a place stays empty, and the whole in one sentence."""

from collections.abc import Sequence

from simpul.domain.allocation.outcome import Allocation
from simpul.domain.allocation.problem import Post, Site


def move_reason(
    source: Site, target: Site, profession: str, places: Sequence[tuple[Post, int]]
) -> str:
    """Say what the giving site has beyond its need and what the receiving one lacks."""
    need = sum(p.count for p in source.posts if p.professions == (profession,))
    shared = any(profession in p.professions and len(p.professions) > 1 for p in source.posts)
    have = source.have.get(profession, 0)
    posts = f"{need}" + (" dan jabatan bersama" if shared else "")
    gives = f"{source.name} punya {have}, perlu {posts}"
    if not places:
        return f"{gives}; menggantikan yang berpindah dari {target.name}."
    lacks = ", ".join(f"{count} {post.label}" for post, count in places)
    return f"{gives}; {target.name} kurang {lacks}."


def why_unfilled(*, short: int, left: int, spare: int, held: int, moved: int) -> str:
    """Say what moving does about one kind of post; `moved` people of its professions moved."""
    if not short:
        return "tidak ada yang kurang"
    if not left:
        return "seluruhnya dapat diisi dengan pemindahan"
    if not spare:
        return "tidak ada kelebihan di fasilitas mana pun"
    if held >= spare:
        return f"kelebihan {spare} orang tidak dapat dipindahkan"
    if moved >= spare - held and held:
        return f"kelebihan {spare} orang, {held} di antaranya tidak dapat dipindahkan"
    if moved >= spare:
        return f"kelebihan hanya {spare} orang; semuanya sudah dipindahkan"
    return f"kelebihan {spare} orang, tetapi tidak semua terjangkau atau bebas dari jabatannya"


def summary(found: Allocation) -> str:
    """Return the whole in one or two sentences."""
    if not found.short_before:
        return "Tidak ada kekurangan; tidak ada yang perlu dipindahkan."
    text = (
        f"{found.filled} dari {found.short_before} kekurangan terisi dengan pemindahan; "
        f"{found.short_after} perlu pengangkatan."
    )
    still = sum(place.count for place in found.unfilled)
    if found.hired and still:
        text += f" Jatah pengangkatan mengisi {found.hired}; {still} tetap kosong."
    elif still:
        text += f" Tanpa jatah pengangkatan, {still} tetap kosong."
    return text
