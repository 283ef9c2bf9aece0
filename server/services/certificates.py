"""How certificates (证书) are given out, in words for the candidate: what the notice says, by channel and by wish."""

from server.domain.registrations import GROUP
from server.rulebooks.book import Certificates


def certificates_given(rule: Certificates) -> str:
    """To individuals, before they choose."""
    if rule.paper == "collected":
        return f"发纸质证书，{rule.individual}"
    kinds = "合格后都有电子证书。" if rule.electronic else ""
    return f"{kinds}需要纸质证书的，{rule.individual}"


def certificate_of(rule: Certificates, channel: str, *, paper: bool) -> str:
    """To somebody who has applied by this channel, with or without the wish for a paper one."""
    how = rule.group if channel == GROUP else rule.individual
    if rule.paper == "collected":
        return f"纸质证书，{how}"
    kinds = "电子证书" if rule.electronic else ""
    if not paper:
        return kinds
    return f"{kinds}；另要纸质证书，{how}" if kinds else f"纸质证书，{how}"
