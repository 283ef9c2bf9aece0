"""The sandbox's whole state, in memory, behind one lock."""

import itertools
import secrets
import threading

from server.sandbox.aliyun_book import AliyunBook
from server.sandbox.courier import Courier
from server.sandbox.faults import Faults
from server.sandbox.handsets import Handsets
from server.sandbox.links import Links
from server.sandbox.mailbox import Mailbox
from server.sandbox.people import People
from server.sandbox.settings import Clock, SandboxSettings
from server.sandbox.tokens import Tokens


class World:
    """Accounts, codes, credits, tokens, phones, messages and faults.

    Each part guards itself with the shared lock; a step that touches several parts takes `lock` around them.
    """

    def __init__(self, settings: SandboxSettings, clock: Clock) -> None:
        self.settings = settings
        self.clock = clock
        self.lock = threading.RLock()
        self.people = People(self.lock, clock)
        self.tokens = Tokens(self.lock, clock)
        self.links = Links(self.lock, clock)
        self.handsets = Handsets(self.lock)
        self.aliyun = AliyunBook(self.lock)
        self.mailbox = Mailbox(self.lock, clock)
        self.faults = Faults(self.lock)
        self.courier = Courier()
        self._numbers = itertools.count(secrets.randbelow(10**12))

    def serial(self) -> int:
        """A number of 19 digits that is given once: the core of msgid and SerialNo."""
        return 3 * 10**18 + next(self._numbers)
