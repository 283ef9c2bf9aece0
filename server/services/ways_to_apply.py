"""By which way one applies for a sitting (申报方式), and in which words people are told of it."""

from server.domain.registrations import GROUP, MINI_PROGRAM, WINDOW
from server.errors import Problem
from server.rulebooks.book import MiniProgram, Rulebook

#: the channel of a registration in words, for candidates and staff
CHANNEL_NAMES = {MINI_PROGRAM: "小程序申报", WINDOW: "窗口申报", GROUP: "团体申报"}


def how_to_apply(book: Rulebook) -> str:
    """How individuals apply, in words for the phone: where, when and with what."""
    individual = book.application.individual
    if isinstance(individual, MiniProgram):
        return f"个人申报请在微信小程序“{individual.name}”中办理。"
    papers = "；".join(f"{place}. {one}" for place, one in enumerate(individual.materials, start=1))
    where, hours = individual.address, book.institution.hours
    return f"个人申报请本人到业务受理窗口现场办理。地址：{where}。受理时间：{hours}。需带材料：{papers}。"


def require_way(book: Rulebook, channel: str) -> None:
    """Individuals come by the way that the institution names for them; groups may always file.

    Raises apply_at_window, apply_in_mini_program.
    """
    wanted = book.application.individual.kind
    if channel == MINI_PROGRAM and wanted != MINI_PROGRAM:
        raise Problem("apply_at_window", text=how_to_apply(book))
    if channel == WINDOW and wanted != WINDOW:
        raise Problem("apply_in_mini_program", text=how_to_apply(book))
