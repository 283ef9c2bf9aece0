"""WeChat's server interface (微信服务端接口): who is logging in, which number is theirs, one subscription message."""

from server.wechat.client import Identity, WeChat, WeChatSettings
from server.wechat.faults import FaultKind, WeChatFault
from server.wechat.tokens import StoredToken, TokenStore

__all__ = ["FaultKind", "Identity", "StoredToken", "TokenStore", "WeChat", "WeChatFault", "WeChatSettings"]
