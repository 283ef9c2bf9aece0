"""Institutions (评价机构): whom to ask, to whom to complain, and which published notice is carried out."""

from apiflask import APIBlueprint

from miniapp_api.presenters import notice_title, told_of
from miniapp_api.sitting_schemas import InstitutionOut, InstitutionsOut
from server.rulebooks.book import Rulebook
from server.rulebooks.catalogue import catalogue
from server.services.ways_to_apply import how_to_apply

bp = APIBlueprint("institutions", __name__, tag="机构")


@bp.get("/institutions")
@bp.output(InstitutionsOut)
def show_institutions() -> InstitutionsOut:
    """Every institution by its latest rules, in the order of their names."""
    latest = {book.institution_key: book for book in sorted(_books(), key=lambda book: book.year)}
    return InstitutionsOut(institutions=[_institution(latest[key]) for key in sorted(latest)])


def _books() -> list[Rulebook]:
    return [loaded.book for loaded in catalogue().newest()]


def _institution(book: Rulebook) -> InstitutionOut:
    house = book.institution
    return InstitutionOut(
        key=book.institution_key,
        rulebook=book.slug,
        name=house.name,
        telephone=house.telephone,
        complaints=list(house.complaints),
        address=house.address,
        hours=house.hours,
        email=house.email,
        apply_how=how_to_apply(book),
        group_how=book.application.group.how,
        **told_of(book),
        notice=notice_title(book.notice),
        remarks=list(book.notice.remarks),
    )
