"""What a candidate may expect of a sitting before turnout is counted: how many it takes, and what happens if fewer come."""

from server.domain.turnout import ConsolidateIn, TurnoutRule


def expected(rule: TurnoutRule, month: int) -> str:
    """In words, for a sitting in this month. A number that no notice gives is told as today's, not as fixed."""
    people = f"{rule.threshold.people}人"
    below = rule.below
    if isinstance(below, ConsolidateIn) and below.takes(month):
        if below.in_that_month == "hold":
            return f"{month}月是集中安排的考次，缴费的人不多也如期开考。"
        return f"{month}月是集中安排的考次；缴费人数不足{people}的，由机构决定是否开考并通知您。"
    opens = f"缴费人数达到开考条件（现按{people}计）才开考" if rule.threshold.assumed else f"缴费人数满{people}才开考"
    return f"{opens}；不足的，{below.words}，所缴费用继续有效，会提前用短信或电话通知您。"
