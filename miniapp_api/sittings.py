"""Sittings: what is open now and soon, one in full, and may I apply for it."""

from dataclasses import asdict

from apiflask import APIBlueprint

from miniapp_api import presenters
from miniapp_api.packed import packed
from miniapp_api.schemas import EligibilityOut, SaidIn
from miniapp_api.signed_in import account, auth, clock
from miniapp_api.sitting_schemas import SittingDetailOut, SittingsOut, SittingsQuery
from server.domain.eligibility import Certificate, Diploma, Title, Work
from server.domain.phases import Phase
from server.services import judging, sitting_list
from server.services.judging import Said

bp = APIBlueprint("sittings", __name__, tag="考次")
bp.after_request(packed)


@bp.get("/sittings")
@bp.input(SittingsQuery, location="query", arg_name="query")
@bp.output(SittingsOut)
def show_all(query: SittingsQuery) -> SittingsOut:
    """Every sitting that is not over, the nearest first; of one institution where one is named."""
    now, found = clock().now(), sitting_list.all_sittings(query.institution)
    rows = [presenters.sitting(row, decision, now) for row, decision in found]
    return SittingsOut(sittings=[one for one in rows if one.phase != Phase.OVER.value])


@bp.get("/sittings/<int:sitting_id>")
@bp.output(SittingDetailOut)
def show_one(sitting_id: int) -> SittingDetailOut:
    """One sitting with its conditions, its declaration and whom to call."""
    return presenters.sitting_detail(*sitting_list.one_sitting(sitting_id), clock().now())


@bp.post("/sittings/<int:sitting_id>/eligibility")
@bp.auth_required(auth)
@bp.input(SaidIn, arg_name="body")
@bp.output(EligibilityOut)
def may_apply(sitting_id: int, body: SaidIn) -> EligibilityOut:
    """May I apply: every alternative with every reason. Changes nothing."""
    judged = judging.judge(account().id, sitting_id, said(body), clock().now())
    return EligibilityOut.model_validate(asdict(judged))


def said(body: SaidIn) -> Said:
    """The claims of a form."""
    return Said(
        work=tuple(Work(one.since, one.until, one.occupation) for one in body.work),
        certificates=tuple(Certificate(one.occupation, one.level, one.issued_on) for one in body.certificates),
        titles=tuple(Title(one.grade, one.issued_on) for one in body.titles),
        diplomas=tuple(Diploma(one.school, one.major, one.final_year, one.course_assessed) for one in body.diplomas),
        intends=body.intends,
    )
